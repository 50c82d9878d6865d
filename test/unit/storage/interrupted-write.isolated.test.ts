import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeFileDurably } from '../../../src/storage/write-file-durably.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';
import { disk } from './interrupted-disk.js';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { disk: interrupted } = await import('./interrupted-disk.js');
  return interrupted.replace(await importOriginal());
});

const folder = useTemporaryFolder();
const file = () => path.join(folder.path, 'file');
const text = () => readFileSync(file(), 'utf8');
afterEach(() => disk.restart());

const steps = [
  'mkdir',
  'rm',
  'open',
  'writeFile',
  'sync',
  'close',
  'rename',
  'open',
  'sync',
  'close',
];
const everyStep = steps.map((name, index) => ({ name, step: index + 1 }));
const renameStep = steps.indexOf('rename') + 1;

it('writing syncs the new file before it takes the place of the old one, then the folder', async () => {
  await writeFileDurably(file(), 'new');
  expect(disk.steps).toStrictEqual(steps);
});

it('syncs the folder above each folder that it makes', async () => {
  const deep = path.join(folder.path, 'a', 'b', 'file');
  await writeFileDurably(deep, 'new');
  const sync = ['open', 'sync', 'close'];
  expect(disk.steps).toStrictEqual(['mkdir', ...sync, ...sync, ...steps.slice(1)]);
  expect(readFileSync(deep, 'utf8')).toBe('new');
});

describe('when the process is killed in the middle of writing', () => {
  it.each(everyStep)('at step $step, $name, there is a whole file', async ({ step }) => {
    writeFileSync(file(), 'the old text');
    const crash = disk.crashAt(step);
    void writeFileDurably(file(), 'the new text');
    await crash;
    expect(text()).toBe(step <= renameStep ? 'the old text' : 'the new text');
    await disk.restart();
    await writeFileDurably(file(), 'the newest text');
    expect(text()).toBe('the newest text');
    expect(readdirSync(folder.path)).toStrictEqual(['file']);
  });

  it.each(everyStep)(
    'at step $step, $name, a first file is whole or not there',
    async ({ step }) => {
      const crash = disk.crashAt(step);
      void writeFileDurably(file(), 'the new text');
      await crash;
      const names = readdirSync(folder.path);
      if (step <= renameStep) expect(names).not.toContain('file');
      else expect(text()).toBe('the new text');
      for (const name of names) {
        expect(statSync(path.join(folder.path, name)).mode & 0o777).toBe(0o600);
      }
    },
  );
});

describe('when writing fails', () => {
  const error = new Error('ENOSPC: no space left on device');

  it.each(everyStep)(
    'at step $step, $name, that is told and a whole file is left',
    async ({ step }) => {
      writeFileSync(file(), 'the old text');
      disk.failAt(step, error);
      await expect(writeFileDurably(file(), 'the new text')).rejects.toBe(error);
      expect(text()).toBe(step <= renameStep ? 'the old text' : 'the new text');
      expect(readdirSync(folder.path)).toStrictEqual(['file']);
    },
  );
});
