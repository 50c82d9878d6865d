import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { ownIdentity } from '../../../src/delivery/journal/process-identity.js';
import { openStore } from '../../../src/delivery/open-store.js';
import type { PokeError } from '../../../src/errors/errors.js';
import { failureOf } from '../failure-of.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';
import { payloadOf, queued } from './queued-deliveries.js';

const temporary = useTemporaryFolder();

async function open(folder: string | undefined) {
  const problems: PokeError[] = [];
  const opened = await openStore(folder, systemClock, (problem) => problems.push(problem));
  return { ...opened, problems };
}

describe('a store', () => {
  it('is a journal where there is a folder', async () => {
    const folder = path.join(temporary.path, 'account');
    const first = await open(folder);
    await first.store.add(queued(1), payloadOf(queued(1)));
    await first.store.close();
    const second = await open(folder);
    expect(second.store.isDurable).toBe(true);
    expect(second.recovered.deliveries).toStrictEqual([queued(1)]);
    expect([...first.problems, ...second.problems]).toStrictEqual([]);
    await second.store.close();
  });

  it('is in memory where there is none, which needs no word', async () => {
    const { store, recovered, problems } = await open(undefined);
    expect(store.isDurable).toBe(false);
    expect(recovered.deliveries).toStrictEqual([]);
    expect(problems).toStrictEqual([]);
  });

  it('is in memory where none can be made, and says why', async () => {
    const file = path.join(temporary.path, 'no-folder');
    writeFileSync(file, '');
    const { store, problems } = await open(path.join(file, 'account'));
    expect(store.isDurable).toBe(false);
    expect(problems.map(({ reason }) => reason)).toStrictEqual(['storageFailed']);
  });

  it('is in memory where there is one of a newer version, which is left as it is', async () => {
    const folder = path.join(temporary.path, 'account');
    const { store } = await open(folder);
    await store.add(queued(1), payloadOf(queued(1)));
    await store.close();
    mkdirSync(path.join(folder, '0000000002.log'));
    chmodSync(folder, 0o700);
    const later = await open(folder);
    expect(later.store.isDurable).toBe(false);
    expect(later.problems).toHaveLength(1);
  });

  it('is opened when the one before it in this process is closed', async () => {
    const folder = path.join(temporary.path, 'account');
    const { store } = await open(folder);
    const later = open(folder);
    await store.close();
    const next = await later;
    expect(next.store.isDurable).toBe(true);
    expect(next.problems).toStrictEqual([]);
    await next.store.close();
  });

  it.runIf(process.platform === 'linux')('is none beside another process', async () => {
    const text = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const startedTicks = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
    const owner = { ...(await ownIdentity()), pid: process.ppid, startedTicks };
    const lock = path.join(temporary.path, 'account', 'lock');
    mkdirSync(lock, { recursive: true });
    writeFileSync(path.join(lock, 'owner.1'), JSON.stringify(owner));
    const error = await failureOf(open(path.dirname(lock)));
    expect(error.reason).toBe('storageInUse');
  });
});
