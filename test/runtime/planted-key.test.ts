import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ids } from '../support/flows.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import {
  type Behaviour,
  byHand,
  resetAfterBody,
  resetAtOnce,
} from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { BUTTON, injectNode, keyOf, PokeRuntime, versions } from './poke-runtime.js';
import {
  type Places,
  placesWith,
  readAdminApi,
  readReports,
  readUserDir,
} from './visible-places.js';

/** Parts that look the same however the rest is escaped, so that half a key is found too. */
const fragments = ['planted-9f8e7d6c5b', 'a1b2c3d4e5-planted'] as const;
const key = `${fragments[0]}"\\/+=%&<>#?:;@'${fragments[1]}`;

const HANG_TIMEOUT_SECONDS = 0.3;

/** Where a key can come from: what the account has in its field, and what is around Node-RED. */
const sources = {
  'the credentials': { field: key },
  'a variable that the account names': { field: '${DOOR_KEY}', environment: { DOOR_KEY: key } },
  POKE_API_KEY: { field: '', environment: { POKE_API_KEY: key } },
  'the login of poke': { field: '', login: true },
} as const satisfies Record<string, Source>;

interface Source {
  readonly field: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly login?: boolean;
}

/** Says everything that it was sent back to the client, wherever an answer can hold it. */
function echo(status: number, type: string, body: (secret: string) => string): Behaviour {
  return {
    when: 'bodyCame',
    act: ({ headers: { authorization = '' }, response }) => {
      const location = `/${encodeURIComponent(authorization)}`;
      const echoed = { 'x-echo': authorization, 'www-authenticate': authorization, location };
      response.statusMessage = `No ${authorization}`;
      response
        .writeHead(status, { 'content-type': type, 'retry-after': authorization, ...echoed })
        .end(body(authorization));
    },
  };
}

const failingEchoes: readonly Behaviour[] = [
  ...[307, 400, 401, 403, 404, 429, 500, 503].map((status) =>
    echo(status, 'application/json', (error) => JSON.stringify({ error })),
  ),
  echo(500, 'text/plain', (text) => `You sent ${text}`),
  echo(500, 'text/plain', (text) => `see /help?key=${encodeURIComponent(text)}`),
  echo(500, 'text/plain', (text) => 'x'.repeat(180) + text),
  echo(500, 'application/json', (message) => JSON.stringify({ error: { code: message, message } })),
  echo(200, 'application/json', (message) => JSON.stringify({ success: false, message })),
  resetAtOnce(),
  resetAfterBody(),
];
const acceptingEcho = echo(200, 'application/json', (message) =>
  JSON.stringify({ success: true, message, [message]: [message] }),
);

let runtime: PokeRuntime | undefined;
let server: ScriptedServer | undefined;
afterEach(async () => {
  await runtime?.close();
  await server?.close();
});

async function start(
  version: NodeRedVersion,
  source: Source,
): Promise<[PokeRuntime, ScriptedServer]> {
  const environment = { ...source.environment, ...(source.login ? await loginOf(key) : {}) };
  const logging = { console: { level: 'trace', metrics: true, audit: true } };
  server = await ScriptedServer.start();
  runtime = await PokeRuntime.start(version, () => ({ environment, settings: { logging } }));
  return [runtime, server];
}

describe.each(versions)('in Node-RED %s a key', (version) => {
  it.each(Object.entries(sources))('from %s is found nowhere', async (_name, source) => {
    const [{ nodeRed }, poke] = await start(version, source);
    const account = { baseUrl: poke.origin };
    await deploy(account, source.field);
    await letItFail(poke);
    const saved = source.field === '' ? '' : '__PWRD__';
    const answers = await askAdmin(poke, [saved, source.field, key]);
    await deploy({ ...account, timeout: HANG_TIMEOUT_SECONDS }, source.field);
    await letItHang(poke);
    const admin = await readAdminApi(nodeRed);
    await nodeRed.stop();
    expect(poke.exchanges.map(({ headers }) => headers.authorization)).toEqual(
      poke.exchanges.map(() => `Bearer ${key}`),
    );
    expect(poke.exchanges.length).toBeGreaterThan(failingEchoes.length);
    const places = [answers, admin, readReports(nodeRed), await readUserDir(nodeRed)];
    for (const fragment of fragments) {
      for (const some of places) expect(placesWith(fragment, some)).toEqual([]);
    }
  });

  it('that a flow gives away is found in every place', async () => {
    const [current] = await start(version, { field: '' });
    const { nodeRed } = current;
    const props = [{ p: 'payload', v: `see ${fragments[0]}`, vt: 'str' }];
    const flow = current.flow().filter(({ id }) => id !== BUTTON);
    await nodeRed.deploy([...flow, injectNode({ props })]);
    await nodeRed.inject(BUTTON);
    await current.next('caught');
    const admin = await readAdminApi(nodeRed);
    await nodeRed.stop();
    const places = [...admin, ...readReports(nodeRed), ...(await readUserDir(nodeRed))];
    expect(placesWith(fragments[0], new Map(places))).toEqual(
      expect.arrayContaining([
        'GET /flows',
        'GET /flow/tab',
        'the log',
        'the editors',
        'flows.json',
      ]),
    );
  });

  async function deploy(account: object, apiKey: string): Promise<void> {
    if (!runtime) throw new Error('Node-RED has not started.');
    await runtime.nodeRed.deploy(runtime.flow({ account: { ...account } }), keyOf(apiKey));
  }

  async function letItFail(poke: ScriptedServer): Promise<void> {
    for (const behaviour of failingEchoes) {
      poke.script(behaviour);
      await runtime?.injectText('hello');
      expect(await runtime?.next('caught')).toMatchObject({ payload: 'hello' });
    }
    poke.script(acceptingEcho);
    await runtime?.injectText('hello');
    expect(await runtime?.next('sent')).toMatchObject({ payload: { success: true } });
  }

  async function letItHang(poke: ScriptedServer): Promise<void> {
    poke.script(byHand());
    await runtime?.injectText('hello');
    expect(await runtime?.next('caught')).toMatchObject({ error: { code: 'ERR_POKE_TIMEOUT' } });
  }

  /** What the account's dialog is told, with each of these in its key field. */
  async function askAdmin(poke: ScriptedServer, apiKeys: readonly string[]): Promise<Places> {
    const places = new Map<string, string>();
    const rest = { id: ids.account, baseUrl: poke.origin, timeout: '15', proxy: '', tls: '' };
    for (const [index, apiKey] of apiKeys.entries()) {
      for (const route of ['key-source', 'test-message']) {
        poke.script(...(route === 'test-message' ? [failingEchoes[index] ?? byHand()] : []));
        const response = await runtime?.nodeRed.post(`/poke/account/${route}`, { ...rest, apiKey });
        expect(response?.status).toBe(200);
        places.set(`${route} ${index}`, (await response?.text()) ?? '');
      }
    }
    return places;
  }
});

it.each(['base64', 'hex', 'latin1'] as const)('a key written as %s is recognised', (encoding) => {
  for (const before of ['', '1', '12', '123']) {
    const content = Buffer.from(`${before}${key}!`).toString(encoding);
    for (const fragment of fragments) {
      expect(placesWith(fragment, new Map([['here', content]]))).toEqual(['here']);
      expect(placesWith('planted-0000000000', new Map([['here', content]]))).toEqual([]);
    }
  }
});

/** The environment of a person who has logged in with `npx poke login`. */
async function loginOf(token: string): Promise<{ XDG_CONFIG_HOME: string }> {
  const directory = await makeTemporaryDirectory();
  await mkdir(path.join(directory, 'poke'));
  await writeFile(path.join(directory, 'poke', 'credentials.json'), JSON.stringify({ token }));
  return { XDG_CONFIG_HOME: directory };
}
