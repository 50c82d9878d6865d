import diagnostics from 'node:diagnostics_channel';

/** Resolves as soon as Node's HTTP client has the status line and the headers of the next answer, and all that wait for them know. */
export function answerHeadersCame(): Promise<void> {
  return new Promise((resolve) => {
    const channel = 'http.client.response.finish';
    const onAnswer = (): void => {
      diagnostics.unsubscribe(channel, onAnswer);
      setImmediate(resolve);
    };
    diagnostics.subscribe(channel, onAnswer);
  });
}
