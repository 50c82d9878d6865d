import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileDurably } from '../../../src/storage/write-file-durably.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';

const folder = useTemporaryFolder();
const inFolder = (...names: string[]) => path.join(folder.path, ...names);

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

describe('a file that is written durably', () => {
  it.each(['text', '', '💧\n\u0000', 'x'.repeat(1_000_000)])('holds the text', async (text) => {
    await writeFileDurably(inFolder('poke', 'file'), text);
    expect(readFileSync(inFolder('poke', 'file'), 'utf8')).toBe(text);
    expect(readdirSync(inFolder('poke'))).toStrictEqual(['file']);
  });

  it('is for its owner only, and so is a folder that is made for it', async () => {
    await writeFileDurably(inFolder('deep', 'poke', 'file'), 'text');
    expect(modeOf(inFolder('deep', 'poke', 'file'))).toBe('600');
    expect(modeOf(inFolder('deep', 'poke'))).toBe('700');
    expect(modeOf(inFolder('deep'))).toBe('700');
  });

  it('is for its owner only, even if the one before was not', async () => {
    writeFileSync(inFolder('file'), 'old');
    chmodSync(inFolder('file'), 0o644);
    await writeFileDurably(inFolder('file'), 'new');
    expect(modeOf(inFolder('file'))).toBe('600');
  });

  it('replaces the one before, whole', async () => {
    await writeFileDurably(inFolder('file'), 'a long text');
    await writeFileDurably(inFolder('file'), 'short');
    expect(readFileSync(inFolder('file'), 'utf8')).toBe('short');
  });

  it('leaves alone who has the old one open', async () => {
    writeFileSync(inFolder('file'), 'old');
    const { ino } = statSync(inFolder('file'));
    await writeFileDurably(inFolder('file'), 'new');
    expect(statSync(inFolder('file')).ino).not.toBe(ino);
  });

  it.each(['', 'half a te', 'x'.repeat(100_000)])(
    'is not disturbed by what a crash left behind',
    async (leftover) => {
      writeFileSync(inFolder('file.new'), leftover);
      chmodSync(inFolder('file.new'), 0o444);
      await writeFileDurably(inFolder('file'), 'new');
      expect(readFileSync(inFolder('file'), 'utf8')).toBe('new');
      expect(modeOf(inFolder('file'))).toBe('600');
      expect(existsSync(inFolder('file.new'))).toBe(false);
    },
  );

  it('is never written through a link that somebody put in the way', async () => {
    writeFileSync(inFolder('precious'), 'precious');
    symlinkSync(inFolder('precious'), inFolder('file.new'));
    await writeFileDurably(inFolder('file'), 'new');
    expect(readFileSync(inFolder('precious'), 'utf8')).toBe('precious');
    expect(readFileSync(inFolder('file'), 'utf8')).toBe('new');
  });
});

describe('a file that cannot be written', () => {
  it('is told: its folder would have to be where a file is', async () => {
    writeFileSync(inFolder('poke'), 'I am a file');
    const code: unknown = expect.stringMatching(/^(?:EEXIST|ENOTDIR)$/);
    const written = writeFileDurably(inFolder('poke', 'file'), 'text');
    await expect(written).rejects.toMatchObject({ code });
    expect(readFileSync(inFolder('poke'), 'utf8')).toBe('I am a file');
  });

  it('is told: there is a folder of its name', async () => {
    mkdirSync(inFolder('file'));
    await expect(writeFileDurably(inFolder('file'), 'text')).rejects.toHaveProperty('code');
    expect(readdirSync(folder.path)).toStrictEqual(['file']);
  });
});
