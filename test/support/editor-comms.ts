import { isRecord } from './is-record.js';

/** What Node-RED tells its editors over the web socket. */
export interface CommsEvent {
  readonly topic: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface CommsOptions {
  /** Node-RED's address, for example `http://127.0.0.1:1880`. */
  readonly url: string;
  /** Where Node-RED asks for one. */
  readonly accessToken?: string | undefined;
  readonly onEvent: (event: CommsEvent) => void;
}

/** Listens to all that Node-RED tells its editors, what it has told the earlier ones included, until it stops. */
export async function connectComms({ url, accessToken, onEvent }: CommsOptions): Promise<void> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/comms`);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', () => {
      reject(new Error(`Node-RED at ${url} refuses the editor's web socket.`));
    });
    const begin = (): void => {
      for (const topic of ['notification/#', 'status/#']) {
        socket.send(JSON.stringify({ subscribe: topic }));
      }
      resolve();
    };
    socket.addEventListener('open', () => {
      if (accessToken === undefined) begin();
      else socket.send(JSON.stringify({ auth: accessToken }));
    });
    socket.addEventListener('message', ({ data }) => {
      const message: unknown = JSON.parse(String(data));
      if (Array.isArray(message)) message.filter(isCommsEvent).forEach(onEvent);
      else begin();
    });
  });
}

function isCommsEvent(value: unknown): value is CommsEvent {
  return isRecord(value) && typeof value['topic'] === 'string' && isRecord(value['data']);
}
