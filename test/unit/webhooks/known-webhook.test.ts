import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { belongsTo, digestOf, isKnownWebhook } from '../../../src/webhooks/known-webhook.js';
import { knownWebhook, owner } from './webhook-fixtures.js';

const known = knownWebhook();

describe('a known webhook', () => {
  it('is one again after it went through JSON', () => {
    const { webhookToken, ...withoutToken } = known;
    for (const webhook of [known, withoutToken, { ...known, once: false }]) {
      const read: unknown = JSON.parse(JSON.stringify(webhook));
      expect(isKnownWebhook(read)).toBe(true);
      expect(read).toStrictEqual(webhook);
    }
  });

  it('may have members that a later version adds', () => {
    expect(isKnownWebhook({ ...known, name: 'Leak' })).toBe(true);
  });

  it.each(Object.keys(known).filter((name) => name !== 'webhookToken'))('has %s', (name) => {
    expect(isKnownWebhook({ ...known, [name]: undefined })).toBe(false);
    expect(isKnownWebhook({ ...known, [name]: 7 })).toBe(false);
  });

  it.each<[string, unknown]>([
    ['text', 'webhook'],
    ['null', null],
    ['a list', [known]],
    ['an empty object', {}],
    ['one whose token is a number', { ...known, webhookToken: 7 }],
    ['one whose token is null', { ...known, webhookToken: null }],
    ['one whose once is a text', { ...known, once: 'true' }],
  ])('is not %s', (_what, value) => {
    expect(isKnownWebhook(value)).toBe(false);
  });

  it('belongs to one account at one address', () => {
    expect(belongsTo(known, owner)).toBe(true);
    expect(belongsTo(known, { ...owner, account: 'another' })).toBe(false);
    expect(belongsTo(known, { ...owner, baseUrl: `${owner.baseUrl}/` })).toBe(false);
  });
});

describe('the digest of a token', () => {
  it('is the same for the same token, and another one for another', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        expect(digestOf(one) === digestOf(two)).toBe(one === two);
      }),
    );
  });

  it('stays the same from version to version, for it is on disk', () => {
    expect(digestOf('eyJhbGciOi.token')).toBe(
      '69c38756749b0bee2b66eae4aa12e2d6ef47b21199afffdbbd23ce5397cb358c',
    );
  });
});
