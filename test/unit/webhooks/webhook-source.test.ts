import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { AccountWebhooks } from '../../../src/webhooks/account-webhooks.js';
import { digestOf } from '../../../src/webhooks/known-webhook.js';
import { WebhookRegistry } from '../../../src/webhooks/webhook-registry.js';
import {
  readWebhookSource,
  resolveWebhook,
  type WebhookSource,
} from '../../../src/webhooks/webhook-source.js';
import { failureOf } from '../failure-of.js';
import { ArrayStore } from './array-store.js';
import { knownWebhook, leak, owner, TriggerMaker } from './webhook-fixtures.js';

const webhookUrl = 'https://poke.test/v1/inbound/webhook';
const elsewhere = 'https://poke.test/elsewhere';
const blank = { triggerId: '', webhookUrl: '', webhookToken: '' };

describe('a webhook in a message', () => {
  const whole = { triggerId: 't', webhookUrl, webhookToken: 'token' };
  const foreign: unknown = vm.runInNewContext("({ triggerId: 't' })");

  it.each<[string, unknown, WebhookSource]>([
    ['URL and token', { webhookUrl, webhookToken: 'token' }, { ...whole, triggerId: '' }],
    ['a trigger id', { triggerId: 't' }, { ...blank, triggerId: 't' }],
    ['a trigger id in an object of a Function node', foreign, { ...blank, triggerId: 't' }],
    ['all three', whole, whole],
    ['a trigger id and a URL', { triggerId: 't', webhookUrl }, { ...whole, webhookToken: '' }],
    [
      'a trigger id and a token',
      { triggerId: 't', webhookToken: 'token' },
      { ...whole, webhookUrl: '' },
    ],
    [
      'white space around everything',
      { triggerId: ' t ', webhookUrl: `\n${webhookUrl}\t`, webhookToken: ' token\r\n' },
      whole,
    ],
    ['more than that', { ...whole, condition: 'x', nested: {} }, whole],
    [
      'members that are no text',
      { ...whole, webhookUrl: 7, webhookToken: null },
      {
        ...blank,
        triggerId: 't',
      },
    ],
  ])('can have %s', (_what, value, source) => {
    expect(readWebhookSource(value)).toStrictEqual(source);
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['a URL only', { webhookUrl }],
    ['a token only', { webhookToken: 'token' }],
    ['a URL and a blank token', { webhookUrl, webhookToken: ' ' }],
    ['a blank URL and a token', { webhookUrl: '', webhookToken: 'token' }],
    ['a blank trigger id', { triggerId: ' \n' }],
    ['a trigger id that is a number', { triggerId: 7 }],
    ['a token in an array', { webhookUrl, webhookToken: ['token'] }],
    ['members of other names', { url: webhookUrl, token: 'token' }],
  ])('is incomplete with %s', async (_what, value) => {
    const error = await failureOf(() => readWebhookSource(value));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason: 'sourceIncomplete' });
    expect(error.message).not.toContain('token"');
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [webhookUrl, 'string'],
    [7, 'number'],
    [[{ triggerId: 't' }], 'Array'],
    [Buffer.from('t'), 'Buffer'],
    [new Map([['triggerId', 't']]), 'Map'],
  ])('cannot be %s', async (value, type) => {
    const error = await failureOf(() => readWebhookSource(value));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason: 'sourceNotObject' });
    expect(error.values).toStrictEqual({ type });
  });
});

async function setUp() {
  const strange = {
    account: 'another',
    triggerId: 'strange',
    webhookToken: 'strange-token',
    tokenDigest: digestOf('strange-token'),
  };
  const registry = new WebhookRegistry(
    new ArrayStore(knownWebhook(), knownWebhook(strange)),
    () => undefined,
  );
  const saved = await new TriggerMaker().make();
  await registry.remember(owner, leak, saved);
  const webhooks = new AccountWebhooks(registry, owner, () => new TriggerMaker().make());
  const resolve = (source: Partial<WebhookSource>) =>
    resolveWebhook({ ...blank, ...source }, webhooks);
  return { resolve, saved };
}

const known = { webhookUrl, webhookToken: 'known-token' };

describe('a webhook is fired', () => {
  it.each<[string, Partial<WebhookSource>, object]>([
    [
      'at the URL it came with, with the token it came with',
      { webhookUrl: elsewhere, webhookToken: 'any-token' },
      { webhookUrl: elsewhere, webhookToken: 'any-token' },
    ],
    ['by the id of one that was created here', { triggerId: 'known-trigger' }, known],
    [
      'at the URL it was created with, whatever URL is given without a token',
      { triggerId: 'known-trigger', webhookUrl: elsewhere },
      known,
    ],
    [
      'at the URL it was created with when there is none beside its own token',
      { triggerId: 'known-trigger', webhookToken: 'known-token' },
      known,
    ],
    ['with all three, when they belong together', { triggerId: 'known-trigger', ...known }, known],
    [
      'with URL and token, though nothing is known of its trigger',
      { triggerId: 'unknown', webhookUrl: elsewhere, webhookToken: 'any-token' },
      { webhookUrl: elsewhere, webhookToken: 'any-token' },
    ],
    [
      "with URL and token of another account's trigger",
      { triggerId: 'strange', webhookUrl, webhookToken: 'strange-token' },
      { webhookUrl, webhookToken: 'strange-token' },
    ],
  ])('%s', async (_how, source, target) => {
    const { resolve } = await setUp();
    expect(await resolve(source)).toStrictEqual(target);
  });

  it('at any of the URLs that its token came with', async () => {
    const twice = knownWebhook({ triggerId: 'same', webhookUrl: elsewhere });
    const registry = new WebhookRegistry(
      new ArrayStore(knownWebhook({ triggerId: 'same' }), twice),
      () => undefined,
    );
    const webhooks = new AccountWebhooks(registry, owner, () => new TriggerMaker().make());
    for (const url of [webhookUrl, elsewhere]) {
      const source = { triggerId: 'same', webhookUrl: url, webhookToken: 'known-token' };
      expect(await resolveWebhook(source, webhooks)).toStrictEqual({
        webhookUrl: url,
        webhookToken: 'known-token',
      });
    }
  });

  it('with the token that a poke-webhook node keeps of it', async () => {
    const { resolve, saved } = await setUp();
    const { triggerId, ...target } = saved;
    expect(await resolve(saved)).toStrictEqual(target);
  });
});

describe('a webhook is not fired', () => {
  it.each<[string, Partial<WebhookSource>, string]>([
    ['of a trigger that was not created here', { triggerId: 'unknown' }, 'triggerUnknown'],
    [
      'of a trigger that was not created here, with a URL',
      { triggerId: 'unknown', webhookUrl },
      'triggerUnknown',
    ],
    [
      'of a trigger that was not created here, with a token',
      { triggerId: 'unknown', webhookToken: 'any-token' },
      'triggerUnknown',
    ],
    ["of another account's trigger", { triggerId: 'strange' }, 'triggerUnknown'],
    ['whose token only a poke-webhook node has', { triggerId: 'trigger-1' }, 'triggerUnknown'],
    [
      'with the token of another trigger',
      { triggerId: 'known-trigger', webhookUrl, webhookToken: 'other-token' },
      'webhookTokenOfAnother',
    ],
    [
      'with the token of another trigger, and no URL',
      { triggerId: 'known-trigger', webhookToken: 'other-token' },
      'webhookTokenOfAnother',
    ],
    [
      'with a token that is not that of the poke-webhook node',
      { triggerId: 'trigger-1', webhookUrl, webhookToken: 'known-token' },
      'webhookTokenOfAnother',
    ],
    [
      'of a trigger that was not created here, with the token of one that was',
      { triggerId: 'unknown', webhookUrl, webhookToken: 'known-token' },
      'webhookTokenOfAnother',
    ],
    [
      'at another URL than that of its trigger',
      { triggerId: 'known-trigger', webhookUrl: elsewhere, webhookToken: 'known-token' },
      'webhookUrlOfAnother',
    ],
    [
      'at another URL than that of its token',
      { webhookUrl: elsewhere, webhookToken: 'known-token' },
      'webhookUrlOfAnother',
    ],
    [
      "at another URL than that of another account's token",
      { webhookUrl: elsewhere, webhookToken: 'strange-token' },
      'webhookUrlOfAnother',
    ],
    [
      'at another URL than that of the token that a poke-webhook node keeps',
      { webhookUrl: elsewhere, webhookToken: 'token-1' },
      'webhookUrlOfAnother',
    ],
    [
      'with a token that no header can hold',
      { webhookUrl, webhookToken: 'two words' },
      'webhookTokenUnusable',
    ],
    [
      'with a token that no header can hold, of a known trigger',
      { triggerId: 'known-trigger', webhookToken: 'a\nb' },
      'webhookTokenUnusable',
    ],
  ])('%s', async (_what, source, reason) => {
    const { resolve } = await setUp();
    const error = await failureOf(resolve(source));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason, requestSent: false });
    expect(error.message).not.toMatch(/(?:any|other|known|strange)-token|token-1|two words/);
  });
});
