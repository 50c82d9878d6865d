import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StoredCallback } from '../../../src/callbacks/callback-store.js';
import { FileCallbackStore } from '../../../src/callbacks/file-callback-store.js';
import { StorageError } from '../../../src/errors/errors.js';

let directory: string;
let folder: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callback-store-'));
  folder = join(directory, 'poke', 'callbacks');
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const callback = (fields: Partial<StoredCallback> = {}): StoredCallback => ({
  callId: 'call-1',
  url: 'https://poke.com/callback',
  token: 't1',
  lastContent: 'interrupted ☃',
  ...fields,
});

it('is empty before anything was saved', async () => {
  expect(await new FileCallbackStore(folder).load()).toStrictEqual([]);
});

it('keeps what was saved, for the next process too', async () => {
  const store = new FileCallbackStore(folder);
  await store.save(callback());
  await store.save(callback({ callId: 'call-2', token: 'u1' }));
  const found = await new FileCallbackStore(folder).load();
  expect([...found].sort((a, b) => a.callId.localeCompare(b.callId))).toStrictEqual([
    callback(),
    callback({ callId: 'call-2', token: 'u1' }),
  ]);
});

it('keeps the newest of what was saved together', async () => {
  const store = new FileCallbackStore(folder);
  const tokens = Array.from({ length: 20 }, (_, index) => `t${index}`);
  await Promise.all(tokens.map((token) => store.save(callback({ token }))));
  expect(await store.load()).toStrictEqual([callback({ token: 't19' })]);
});

it('forgets what was removed, even while it is being saved', async () => {
  const store = new FileCallbackStore(folder);
  await Promise.all([store.save(callback()), store.remove('call-1')]);
  await store.remove('never-there');
  expect(await store.load()).toStrictEqual([]);
  expect(await readdir(folder)).toStrictEqual([]);
});

it('lets nobody but its owner read', async () => {
  await new FileCallbackStore(folder).save(callback());
  const modes = await Promise.all(
    [folder, join(folder, 'call-1.json')].map(async (path) => (await stat(path)).mode & 0o777),
  );
  expect(modes).toStrictEqual([0o700, 0o600]);
});

it('reads over what is no callback', async () => {
  const store = new FileCallbackStore(folder);
  await store.save(callback());
  await writeFile(join(folder, 'call-2.json'), '{"callId":"call-2"');
  await writeFile(join(folder, 'call-3.json'), '{}');
  expect(await store.load()).toStrictEqual([callback()]);
});

it('removes what a crash left of files that were being written', async () => {
  const store = new FileCallbackStore(folder);
  await store.save(callback());
  await writeFile(join(folder, 'call-1.json.new'), JSON.stringify(callback({ token: 't2' })));
  await writeFile(join(folder, 'call-4.json.new'), JSON.stringify(callback({ token: 'u1' })));
  await writeFile(join(folder, 'not ours.json.new'), '');
  expect(await new FileCallbackStore(folder).load()).toStrictEqual([callback()]);
  expect((await readdir(folder)).sort()).toStrictEqual(['call-1.json', 'not ours.json.new']);
});

it('may be read while it is written to', async () => {
  const store = new FileCallbackStore(folder);
  const tokens = Array.from({ length: 20 }, (_, index) => `t${index}`);
  await Promise.all(tokens.flatMap((token) => [store.save(callback({ token })), store.load()]));
  expect(await store.load()).toStrictEqual([callback({ token: 't19' })]);
});

it('says where it could not write', async () => {
  await writeFile(join(directory, 'poke'), 'no folder');
  await expect(new FileCallbackStore(folder).save(callback())).rejects.toThrow(
    new StorageError('callbackNotKept', { detail: 'ENOTDIR', folder }),
  );
});

it('takes no id that would lead elsewhere', async () => {
  await expect(new FileCallbackStore(folder).save(callback({ callId: '../evil' }))).rejects.toThrow(
    TypeError,
  );
});
