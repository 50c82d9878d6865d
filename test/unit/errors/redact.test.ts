import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecret } from '../../../src/errors/redact.js';

describe('redactSecret', () => {
  it.each([
    ['as it is', 'key-1234', 'Bearer key-1234 is bad', 'Bearer [redacted] is bad'],
    ['every time', 'key-1234', 'key-1234key-1234,key-1234', '[redacted][redacted],[redacted]'],
    ['inside JSON', 'k"e\\y-1', '{"a":"k\\"e\\\\y-1"}', '{"a":"[redacted]"}'],
    ['with escapes in JSON', 'k/<+>-1', '"k\\/\\u003C\\u002b>-1"', '"[redacted]"'],
    ['with every letter escaped', 'Key-12', '\\u004b\\u0065\\u0079\\u002D12', '[redacted]'],
    ['in a URL with small letters', 'k+e/y=1', 'k%2be%2Fy=1', '[redacted]'],
    ['inside a URL', 'k+e/y=1', '?key=k%2Be%2Fy%3D1&x', '?key=[redacted]&x'],
    ['with the marks of patterns', '$&.*(a)+', 'a $&.*(a)+ b', 'a [redacted] b'],
    ['not at all when absent', 'key-1234', 'key-123', 'key-123'],
    ['not at all when too short to be one', 'the', 'the end', 'the end'],
  ])('cuts a secret out: %s', (_name, secret, text, expected) => {
    expect(redactSecret(text, secret)).toBe(expected);
  });

  it('leaves no secret, however it is written', () => {
    // No brackets or letters of the stand-in, which could put a secret together again.
    const visible = fc.constantFrom(...Array.from('ABCXYZ019"\\/+=&%$<>?#-_.~!*\'()'));
    const secrets = fc.string({ unit: visible, minLength: 6, maxLength: 60 });
    const parts = fc.array(fc.string(), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(secrets, parts, (secret, texts) => {
        const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
        for (const form of forms) {
          const redacted = redactSecret(texts.join(form), secret);
          expect(redacted).not.toContain(secret);
          expect(redacted).not.toContain(form);
        }
      }),
    );
  });
});
