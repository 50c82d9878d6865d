import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('node:zlib');
  vi.resetModules();
});

async function load(isBuiltIn: boolean): Promise<(data: Uint8Array) => number> {
  vi.resetModules();
  if (!isBuiltIn) vi.doMock('node:zlib', () => ({ deflateSync: undefined }));
  return (await import('../../../../src/delivery/journal/crc32.js')).crc32;
}

describe.each([
  ['built into Node.js', true],
  ['of our own', false],
])('the checksum %s', (_name, isBuiltIn) => {
  it.each([
    ['', 0],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ])('of %j is as published', async (text, checksum) => {
    const crc32 = await load(isBuiltIn);
    expect(crc32(Buffer.from(text))).toBe(checksum);
  });
});
