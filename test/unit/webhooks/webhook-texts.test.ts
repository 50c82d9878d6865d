import { describe, expect, it } from 'vitest';
import { webhookTexts } from '../../../src/webhooks/webhook-texts.js';
import { failureOf } from '../failure-of.js';

const texts = { condition: 'When it leaks', action: 'Text me' };

describe('the texts of a webhook', () => {
  it('are taken as they are', () => {
    const odd = { condition: ' When\nit leaks ', action: '"💧"\u0000' };
    expect(webhookTexts(odd)).toStrictEqual(odd);
  });

  it('are only the two of them', () => {
    expect(webhookTexts({ ...texts, ...{ webhookToken: 'secret' } })).toStrictEqual(texts);
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, 'number'],
    [true, 'boolean'],
    [{ text: 'When it leaks' }, 'object'],
    [['When it leaks'], 'Array'],
    [Buffer.from('When it leaks'), 'Buffer'],
    [() => 'When it leaks', 'function'],
  ])('cannot be %j', async (value, type) => {
    for (const name of ['condition', 'action']) {
      const error = await failureOf(() => webhookTexts({ ...texts, [name]: value }));
      expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason: `${name}Missing` });
      expect(error.message).toBe(`The ${name} of a webhook must be some text, but it is ${type}.`);
    }
  });

  it.each(['', ' \n\t'])('cannot be blank: %j', async (value) => {
    for (const name of ['condition', 'action']) {
      const error = await failureOf(() => webhookTexts({ ...texts, [name]: value }));
      expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason: `${name}Blank` });
    }
  });
});
