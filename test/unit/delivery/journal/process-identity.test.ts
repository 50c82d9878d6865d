import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  isAlive,
  ownIdentity,
  type ProcessIdentity,
  readIdentity,
} from '../../../../src/delivery/journal/process-identity.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function startProcess(): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log(1)']);
  children.push(child);
  await once(child.stdout, 'data');
  return { child, pid: child.pid ?? 0 };
}

async function startedTicksOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

const linux: ProcessIdentity = {
  pid: process.pid,
  host: 'pi',
  startedTicks: '1',
  boot: 'boot-1',
  pidNamespace: 'pid:[1]',
};

describe.runIf(process.platform === 'linux')('on Linux', () => {
  it('a process knows itself', async () => {
    const own = await ownIdentity();
    expect(own.pid).toBe(process.pid);
    expect(own.startedTicks).toBe(await startedTicksOf(process.pid));
    expect(own.boot).toMatch(/^[\da-f-]{36}$/);
    expect(own.pidNamespace).toMatch(/^pid:\[\d+\]$/);
    expect(readIdentity(JSON.parse(JSON.stringify(own)))).toStrictEqual(own);
  });

  it('a process is seen, and that it was killed', async () => {
    const { child, pid } = await startProcess();
    const own = await ownIdentity();
    const other = { ...own, pid, startedTicks: await startedTicksOf(pid) };
    await expect(isAlive(other, own)).resolves.toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect(isAlive(other, own)).resolves.toBe(false);
  });

  it('a process is not taken for an earlier one with the same number', async () => {
    const { pid } = await startProcess();
    const own = await ownIdentity();
    await expect(isAlive({ ...own, pid, startedTicks: '17' }, own)).resolves.toBe(false);
    await expect(isAlive({ ...own, startedTicks: '17' }, own)).resolves.toBe(false);
  });

  it('a process that died is dead although its parent did not look', async () => {
    // The shell becomes a program that never looks after its children.
    const script = 'sleep 60 & echo $!; exec cat';
    const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(parent);
    const received: unknown[] = await once(parent.stdout, 'data');
    const pid = Number(String(received[0]));
    const own = await ownIdentity();
    const zombie = { ...own, pid, startedTicks: await startedTicksOf(pid) };
    await expect(isAlive(zombie, own)).resolves.toBe(true);
    process.kill(pid, 'SIGKILL');
    // Its end is not told to anybody but its parent.
    let isSeen = await isAlive(zombie, own);
    while (isSeen !== false) isSeen = await isAlive(zombie, own);
    expect(process.kill(pid, 0)).toBe(true);
  });
});

describe('a process', () => {
  it('of another container, computer or part of this process cannot be seen', async () => {
    const own = await ownIdentity();
    const others = [
      { ...own, host: 'other', pidNamespace: 'pid:[1]' },
      { ...own, host: 'other', boot: 'other' },
      { ...own, pidNamespace: 'pid:[1]' },
      own,
    ];
    const seen = await Promise.all(others.map((other) => isAlive(other, own)));
    expect(seen).toStrictEqual([undefined, undefined, undefined, undefined]);
  });

  it('of before the computer started again is dead', async () => {
    await expect(isAlive({ ...linux, boot: 'boot-0' }, linux)).resolves.toBe(false);
  });

  it('is dead when nobody has its number, whatever the computer was called then', async () => {
    const { child, pid } = await startProcess();
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect(isAlive({ ...linux, pid, host: 'raspberrypi' }, linux)).resolves.toBe(false);
  });

  it('may be another one where the system does not tell when it started', async () => {
    const { pid } = await startProcess();
    const own = { pid: 1, host: 'mac', startedTicks: '', boot: '', pidNamespace: '' };
    await expect(isAlive({ ...own, pid }, own)).resolves.toBeUndefined();
    await expect(isAlive({ ...own, pid, host: 'other' }, own)).resolves.toBeUndefined();
  });

  it.each([
    [undefined],
    ['owner'],
    [{ ...linux, pid: 0 }],
    [{ ...linux, pid: -1 }],
    [{ ...linux, pid: 1.5 }],
    [{ ...linux, pid: '7' }],
    [{ ...linux, host: undefined }],
    [{ ...linux, startedTicks: 1 }],
    [{ ...linux, boot: null }],
    [{ ...linux, pidNamespace: undefined }],
  ])('is not %j', (value) => {
    expect(readIdentity(value)).toBeUndefined();
  });
});
