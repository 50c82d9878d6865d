import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Callbacks } from './callbacks.js';
import { ControlApi } from './control-api.js';
import type { Fault } from './fault.js';
import { FaultQueue } from './fault-queue.js';
import { Feed } from './feed.js';
import { sendJson } from './http.js';
import { PageFiles } from './page-files.js';
import { parseFault } from './parse-fault.js';
import { apiPath, PokeApi } from './poke-api.js';
import type { ReceivedEntry } from './received-entry.js';
import { ReceivedLog } from './received-log.js';
import { SecretFilter } from './secret-filter.js';
import { Triggers, type TriggerView } from './triggers.js';

export interface SandboxOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** The key that is accepted. Default `sandbox-key`. */
  readonly apiKey?: string;
  /** How many received entries are kept, the newest ones. Default: all. */
  readonly keep?: number;
  /** Where the page's files are. Default: `page` beside this module. */
  readonly pageDirectory?: string;
}

/** A stand-in for Poke that runs on this computer. */
export interface Sandbox {
  /** The page's address, without a slash at the end. */
  readonly url: string;
  /** What a Poke client takes as its base URL. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Every request to a Poke endpoint, in order, with exact bodies. */
  readonly received: readonly ReceivedEntry[];
  readonly triggers: readonly TriggerView[];
  /** Makes coming requests fail; several faults are met one after the other. Throws when the fault makes no sense. */
  failNext(fault: Fault): void;
  clearFaults(): void;
  /** Makes a trigger's token worthless; false when there is no such trigger. */
  revokeTrigger(triggerId: string): boolean;
  /** Forgets what was received, all faults and all triggers. */
  reset(): void;
  /** Resolves with the first entry, past or to come, that the predicate is true for. Rejects on close. */
  waitFor(predicate: (entry: ReceivedEntry) => boolean): Promise<ReceivedEntry>;
  /** Stops at once and cuts every connection. */
  close(): Promise<void>;
}

/** Starts a sandbox. Rejects when the port is taken or the key could not be sent in a header. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const apiKey = options.apiKey ?? 'sandbox-key';
  if (!/^\S+$/.test(apiKey)) {
    throw new TypeError('apiKey must be text without white space.');
  }
  const state = {
    apiKey,
    log: new ReceivedLog(options.keep ?? Number.POSITIVE_INFINITY),
    callbacks: new Callbacks(),
    faults: new FaultQueue(),
    triggers: new Triggers(apiKey),
  };
  const server = createServer(listener(state, pageDirectory(options)));
  server.keepAliveTimeout = 60_000;
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  return control(state, server);
}

interface State {
  readonly apiKey: string;
  readonly callbacks: Callbacks;
  readonly log: ReceivedLog;
  readonly faults: FaultQueue;
  readonly triggers: Triggers;
}

function pageDirectory({ pageDirectory: directory }: SandboxOptions): URL {
  return directory === undefined
    ? new URL('./page/', import.meta.url)
    : pathToFileURL(`${path.resolve(directory)}/`);
}

function listener(
  state: State,
  directory: URL,
): (request: IncomingMessage, response: ServerResponse) => void {
  const filter = new SecretFilter(() => [
    state.apiKey,
    ...state.triggers.tokens,
    ...state.callbacks.tokens,
  ]);
  const feed = new Feed({ ...state, filter, sandboxId: randomUUID() });
  const pokeApi = new PokeApi(state);
  const controlApi = new ControlApi({ ...state, feed, filter });
  const page = new PageFiles(directory);
  return (request, response) => {
    const [requestPath = ''] = (request.url ?? '').split('?', 1);
    const handler = requestPath.startsWith(`${apiPath}/`)
      ? pokeApi
      : requestPath.startsWith('/sandbox/')
        ? controlApi
        : page;
    handler.handle(request, response, requestPath).catch((error: unknown) => {
      answerFailure(response, error);
    });
  };
}

/** A client that went away needs no answer; anything else is a mistake in the sandbox. */
function answerFailure(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  sendJson(response, 500, { error: `The sandbox itself failed: ${reason}` });
}

function control({ apiKey, callbacks, log, faults, triggers }: State, server: Server): Sandbox {
  const url = addressOf(server);
  return {
    url,
    baseUrl: url + apiPath,
    apiKey,
    get received() {
      return log.entries;
    },
    get triggers() {
      return triggers.list;
    },
    failNext: (fault) => {
      faults.add(parseFault(fault));
    },
    clearFaults: () => {
      faults.clear();
    },
    revokeTrigger: (triggerId) => triggers.revoke(triggerId),
    reset: () => {
      log.clear();
      faults.clear();
      triggers.clear();
      callbacks.clear();
    },
    waitFor: (predicate) => log.waitFor(predicate),
    close: async () => {
      log.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The sandbox listens on no port.');
  }
  const isAny = address.address === '0.0.0.0' || address.address === '::';
  const host = isAny ? '127.0.0.1' : address.address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
