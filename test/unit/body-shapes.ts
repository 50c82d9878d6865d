/** A body that clients of Poke have met beside an error status, and the words in it for a person. */
export interface BodyShape {
  readonly name: string;
  readonly body: string;
  /** Empty when there are none. */
  readonly detail: string;
}

const words = 'Condition is too long';

function jsonShape(value: unknown, detail = words): BodyShape {
  const body = JSON.stringify(value);
  return { name: body, body, detail };
}

export const bodyShapes: readonly BodyShape[] = [
  jsonShape({ error: words }),
  jsonShape({ message: words }),
  jsonShape({ success: false, message: words }),
  jsonShape({ error: { message: words } }),
  jsonShape({ error: { code: 'too_long', message: words } }),
  jsonShape({ error: { code: 'too_long' } }, 'too_long'),
  jsonShape({ error: { error: { message: words } } }),
  jsonShape({ error: 'OAUTH_REQUIRED', message: 'Connect first' }, 'OAUTH_REQUIRED'),
  jsonShape({ error: '', message: words }),
  jsonShape({ error: ' ', message: words }),
  jsonShape({ error: null, message: words }),
  jsonShape({ error: true, message: words }),
  jsonShape({ detail: words }),
  jsonShape({ code: 'too_long' }, 'too_long'),
  jsonShape({ retryAfterMs: 60_000 }, ''),
  jsonShape({ error: {} }, ''),
  jsonShape({}, ''),
  jsonShape([words], ''),
  jsonShape(words),
  jsonShape(null, ''),
  jsonShape(42, ''),
  { name: 'text', body: words, detail: words },
  { name: 'text with line breaks', body: `\n${words}\r\n`, detail: words },
  { name: 'html', body: `<!DOCTYPE html>\n<h1>${words}</h1>`, detail: '' },
  { name: 'half JSON', body: `{"error":"${words}`, detail: '' },
  { name: 'blanks', body: ' \r\n', detail: '' },
  { name: 'nothing', body: '', detail: '' },
];
