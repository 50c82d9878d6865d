import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { JournalWorld, type Step } from './journal-world.js';

const { disk } = await vi.hoisted(async () => {
  const { SimulatedDisk } = await import('../../../support/simulated-disk.js');
  return { disk: new SimulatedDisk() };
});

vi.mock('node:fs/promises', () => disk.fileSystem);

// Who owns the folder is looked at elsewhere, with real files and processes.
vi.mock('../../../../src/delivery/journal/owner-lock.js', () => ({
  OwnerLock: { acquire: () => Promise.resolve({ release: () => Promise.resolve() }) },
}));

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('add'), padding: fc.nat(200) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('save'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('saveSoon'), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('remove'), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause'), isPaused: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turn'), turns: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut'), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail'), code: anyCode() }) },
);

function anyCode(): fc.Arbitrary<string> {
  return fc.constantFrom('EIO', 'ENOSPC', 'EROFS');
}

describe('a journal', () => {
  it('holds what it acknowledged, and nothing else, after a power cut at any moment', async () => {
    let images = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 10, maxLength: 60, size: 'max' }),
        async (steps) => {
          const world = await JournalWorld.begin(disk);
          for (const step of steps) await world.take(step);
          await world.finish();
          images += await world.checkPowerCuts();
        },
      ),
      { numRuns: 40 },
    );
    expect(images).toBeGreaterThan(1000);
  }, 60_000);
});
