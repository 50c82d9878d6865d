import { describe, expect, it } from 'vitest';
import { ERROR_TEXTS, type ErrorReason, errorText } from '../../../src/errors/error-texts.js';

const texts = Object.entries(ERROR_TEXTS).map(([reason, text]) => ({
  reason,
  text,
  marks: [...text.matchAll(/__(\w+?)__/g)].map(([, name = '']) => name),
}));

describe('every error text', () => {
  it.each(texts)('$reason is made of whole sentences', ({ text }) => {
    expect(text).toMatch(/^(?:[A-Z]|__)/);
    expect(text).toMatch(/(?:\.|__detail__|api-keys)$/);
    expect(text).not.toMatch(/\s{2}|\n/);
  });

  it.each(texts)('$reason has no gap when its values are filled in', ({ reason, text, marks }) => {
    if (!isReason(reason)) throw new Error('It has no text.');
    const values = Object.fromEntries(marks.map((name) => [name, `<${name}>`]));
    expect(errorText(reason, values)).toBe(text.replaceAll(/__(\w+?)__/g, '<$1>'));
  });
});

describe('errorText', () => {
  it('fills in zero and empty text', () => {
    const text = errorText('answered', { status: 0, detail: '' });
    expect(text).toBe('Poke answered with an error (0): ');
  });

  it('leaves a value alone that looks like a mark or a pattern', () => {
    const text = errorText('answered', { status: 500, detail: '__status__ $& $1' });
    expect(text).toBe('Poke answered with an error (500): __status__ $& $1');
  });
});

function isReason(name: string): name is ErrorReason {
  return name in ERROR_TEXTS;
}
