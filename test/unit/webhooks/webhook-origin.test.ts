import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer } from '../../support/scripted-answers.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { usePoke } from '../use-poke.js';
import { withoutProxyVariables } from '../without-proxies.js';

const poke = usePoke();
withoutProxyVariables();
const webhookToken = 'planted-token-5d20';

let other: ScriptedServer;
beforeEach(async () => {
  other = await ScriptedServer.start();
});
afterEach(() => other.close());

/** Fires at `webhookUrl` with a client of the scripted server, or of `baseUrl`. */
function fire(webhookUrl: string, baseUrl?: string): Promise<unknown> {
  const client = poke.client(baseUrl === undefined ? {} : { baseUrl });
  return client.sendWebhook({ webhookUrl, webhookToken, data: { a: 1 } });
}

describe('a token goes nowhere but to the origin of the account', () => {
  it.each<[string, string, string]>([
    ['another port', 'http://127.0.0.1:<other>/hook', 'webhookUrlElsewhere'],
    ['another port, with the own one as a user', 'http://127.0.0.1:<own>@127.0.0.1:<other>/', '*'],
    ['another port, hidden by a tab', 'http://127.0.0.1:\t<other>/hook', 'webhookUrlElsewhere'],
    [
      'another port, with the own one in its path',
      'http://127.0.0.1:<other>/127.0.0.1:<own>/',
      '*',
    ],
    [
      'another port, with the own one in its query',
      'http://127.0.0.1:<other>?127.0.0.1:<own>/',
      '*',
    ],
    ['another port, with backslashes', '\\\\127.0.0.1:<other>\\hook', 'webhookUrlNotUrl'],
    ['another port, without a scheme', '//127.0.0.1:<other>/hook', 'webhookUrlNotUrl'],
    ['another port, without slashes', 'http:127.0.0.1:<other>/hook', '*'],
    ['the default port', 'http://127.0.0.1/hook', 'webhookUrlElsewhere'],
    ['another name of this computer', 'http://localhost:<own>/hook', 'webhookUrlElsewhere'],
    ['another address of this computer', 'http://127.0.0.2:<own>/hook', 'webhookUrlElsewhere'],
    ['its IPv6 address', 'http://[::1]:<own>/hook', 'webhookUrlElsewhere'],
    ['another scheme', 'https://127.0.0.1:<own>/hook', 'webhookUrlElsewhere'],
    ['another host', 'https://evil.test/hook', 'webhookUrlElsewhere'],
    ['plain http off this computer', 'http://evil.test/hook', 'webhookUrlElsewhere'],
    ['a user', 'http://user@127.0.0.1:<own>/hook', 'webhookUrlNotUrl'],
    ['a user and a password', 'http://user:pass@127.0.0.1:<own>/hook', 'webhookUrlNotUrl'],
    ['a password', 'http://:pass@127.0.0.1:<own>/hook', 'webhookUrlNotUrl'],
    ['a path only', '/v1/inbound/webhook', 'webhookUrlNotUrl'],
    ['another kind of address', 'ws://127.0.0.1:<own>/hook', 'webhookUrlNotUrl'],
    ['a file', 'file:///etc/hosts', 'webhookUrlNotUrl'],
    ['data', 'data:text/plain,hook', 'webhookUrlNotUrl'],
    ['nothing', '', 'webhookUrlNotUrl'],
  ])('%s: %s', async (_what, address, reason) => {
    const webhookUrl = address
      .replace('<own>', String(poke.server.port))
      .replace('<other>', String(other.port));
    const error = await failureOf(fire(webhookUrl));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', requestSent: false });
    if (reason !== '*') expect(error.reason).toBe(reason);
    expect(`${error.message}${JSON.stringify(error)}`).not.toMatch(/planted|pass/);
    expect([poke.server.listener.opened, other.listener.opened]).toStrictEqual([0, 0]);
  });

  it.each([
    'http://poke.test/v1/inbound/webhook',
    'https://poke.test:444/v1/inbound/webhook',
    'https://www.poke.test/v1/inbound/webhook',
    'https://poke.test.evil.test/v1/inbound/webhook',
    'https://poke.test@evil.test/',
  ])('of an account at https://poke.test: %s', async (webhookUrl) => {
    const error = await failureOf(fire(webhookUrl, 'https://poke.test/v1'));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', requestSent: false });
  });

  it('and the error says which server it would have been', async () => {
    const error = await failureOf(fire(`${other.origin}/hook?secret=1`));
    expect(error.message).toBe(
      `The webhook URL belongs to another server (${other.origin}) than the account (${poke.server.origin}), so the token was not sent. Use the URL that Poke gave with this token.`,
    );
  });
});

describe('addresses that look like another origin, but are the own one', () => {
  it.each([
    ['capital letters', 'HTTP://127.0.0.1:<own>/hook', '/hook'],
    ['a number for a host', 'http://2130706433:<own>/hook', '/hook'],
    [
      'a backslash before another host',
      'http://127.0.0.1:<own>\\@127.0.0.1:<other>/',
      '/@127.0.0.1:<other>/',
    ],
    [
      'another address in its path',
      'http://127.0.0.1:<own>/http://127.0.0.1:<other>/',
      '/http://127.0.0.1:<other>/',
    ],
  ])('are fired there: %s', async (_what, address, path) => {
    const fill = (text: string) =>
      text.replace('<own>', String(poke.server.port)).replace('<other>', String(other.port));
    await fire(fill(address));
    expect(poke.server.exchanges).toMatchObject([
      { path: fill(path), headers: { authorization: `Bearer ${webhookToken}` } },
    ]);
    expect(other.listener.opened).toBe(0);
  });
});

describe('a redirect is not followed', () => {
  it.each([301, 302, 303, 307, 308])('by a %d', async (status) => {
    for (const location of [`${other.origin}/hook`, `//127.0.0.1:${other.port}/`, '/elsewhere']) {
      poke.server.script(answer(status, '', { location }));
      const error = await failureOf(fire(`${poke.server.origin}/hook`));
      expect(error).toMatchObject({ code: 'ERR_POKE_API', reason: 'redirected', status });
    }
    expect(poke.server.exchanges.map(({ path }) => path)).toStrictEqual([
      '/hook',
      '/hook',
      '/hook',
    ]);
    expect(other.listener.opened).toBe(0);
  });
});
