import { describe, expect, it } from 'vitest';
import { textLike } from '../sandbox/matchers.js';
import { AdminApi, logIn } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import { adminAuth, login } from './admin-users.js';
import { keyOf, usePokeRuntime, versions } from './poke-runtime.js';

const routes = ['key-source', 'test-message'] as const;
const strangers = [
  { who: 'nobody who has logged in', username: undefined, status: 401 },
  { who: 'a user who may only read', username: 'reader', status: 401 },
  { who: 'a user who may change flows but not use Poke', username: 'editor', status: 401 },
] as const;

describe.each(versions)("in Node-RED %s with users, the account's dialog", (version) => {
  const runtime = usePokeRuntime(version, () => ({
    settings: { adminAuth },
    login: login('ada'),
  }));

  function dialog(): object {
    const { baseUrl, apiKey } = runtime.current.sandbox;
    return { id: ids.account, apiKey, baseUrl, timeout: '15', proxy: '', tls: '' };
  }

  async function ask(username: string | undefined, route: string): Promise<Response> {
    const { url } = runtime.current.nodeRed;
    const token = username === undefined ? undefined : await logIn(url, login(username));
    return new AdminApi(url, token).post(`/poke/account/${route}`, dialog());
  }

  describe.each(routes)('%s', (route) => {
    it.each(strangers)('is closed to $who', async ({ username, status }) => {
      const answer = await ask(username, route);
      expect(answer.status).toBe(status);
      expect(await answer.text()).toMatch(/^Unauthorized$|^$/);
      expect(runtime.current.sandbox.received).toEqual([]);
    });
  });

  describe('and the deliveries', () => {
    async function status(username: string, route: string): Promise<number> {
      const { url } = runtime.current.nodeRed;
      const token = await logIn(url, login(username));
      const question = { account: ids.account, deliveryId: '', command: 'pause' };
      const answer = await new AdminApi(url, token).post(`/poke/deliveries/${route}`, question);
      return answer.status;
    }

    it('can be seen but not changed by a user who may only read', async () => {
      await runtime.current.nodeRed.deploy(runtime.current.flow(), keyOf('another-key'));
      expect(await status('reader', 'list')).toBe(200);
      expect(await status('reader', 'body')).toBe(200);
      expect(await status('reader', 'command')).toBe(401);
      expect(await status('editor', 'command')).toBe(401);
      expect(await status('ada', 'command')).toBe(200);
    });

    it.each(['list', 'body', 'command'])('%s is closed to nobody', async (route) => {
      const nobody = new AdminApi(runtime.current.nodeRed.url);
      expect((await nobody.post(`/poke/deliveries/${route}`, {})).status).toBe(401);
    });
  });

  it('works for a user who may do everything', async () => {
    await runtime.current.nodeRed.deploy(runtime.current.flow(), keyOf('another-key'));
    expect(await (await ask('ada', 'key-source')).json()).toEqual({ source: 'account' });
    expect(await (await ask('ada', 'test-message')).json()).toEqual({ result: 'sent' });
    expect(runtime.current.sandbox.received).toMatchObject([
      { accepted: true, body: { message: textLike(/^This is a test message/) } },
    ]);
  });
});

describe.each(versions)('in Node-RED %s that anyone may look at', (version) => {
  const runtime = usePokeRuntime(version, () => ({
    settings: { adminAuth: { ...adminAuth, default: { permissions: 'read' } } },
    login: login('ada'),
  }));

  it.each(routes)('%s is closed to a visitor', async (route) => {
    const visitor = new AdminApi(runtime.current.nodeRed.url);
    expect((await visitor.get('/flows')).status).toBe(200);
    const answer = await visitor.post(`/poke/account/${route}`, {});
    expect(answer.status).toBe(401);
    expect(runtime.current.sandbox.received).toEqual([]);
  });
});
