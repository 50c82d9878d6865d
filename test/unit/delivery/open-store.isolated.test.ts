import { expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { openStore } from '../../../src/delivery/open-store.js';
import { StorageError } from '../../../src/errors/errors.js';
import { failureOf } from '../failure-of.js';

const disk = vi.hoisted(() => ({ fault: '' }));

vi.mock('../../../src/delivery/journal/journal.js', () => ({
  Journal: class {
    open(): Promise<never> {
      const values = { detail: disk.fault, folder: '/data' };
      return Promise.reject(new StorageError('storageFailed', values));
    }
  },
}));

it.each(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM'])(
  'a folder that may be usable in a moment is tried again (%s)',
  async (code) => {
    disk.fault = code;
    const error = await failureOf(openStore('/data', systemClock, () => undefined));
    expect(error).toMatchObject({ reason: 'storageFailed', values: { detail: code } });
  },
);

it.each(['EACCES', 'EROFS', 'EIO'])(
  'a folder that will not be usable has the memory stand in for it (%s)',
  async (code) => {
    disk.fault = code;
    const problems: string[] = [];
    const { store } = await openStore('/data', systemClock, ({ values }) => {
      problems.push(String(values['detail']));
    });
    expect(store.isDurable).toBe(false);
    expect(problems).toStrictEqual([code]);
  },
);
