import { expect, it } from 'vitest';
import { PausedLanes } from '../../../src/delivery/paused-lanes.js';
import { failures } from './fake-poke.js';

it('a lane is paused until it is let in, with the reason for that', () => {
  const lanes = new PausedLanes();
  const error = failures.status(401);
  lanes.pause('key', error, 'one');
  lanes.pause('webhook a', failures.status(403), 'two');
  expect([lanes.size, lanes.has('key'), lanes.has('webhook b')]).toStrictEqual([2, true, false]);
  expect(lanes.lanes()).toStrictEqual(['key', 'webhook a']);
  expect(lanes.errorOf('key')).toBe(error);
  lanes.resume('key');
  expect([lanes.size, lanes.has('key')]).toStrictEqual([1, false]);
  expect(lanes.errorOf('key')).toBeUndefined();
});

it('a secret is another one when it is there and not the one that was refused', () => {
  const lanes = new PausedLanes();
  lanes.pause('key', failures.status(401), 'one');
  lanes.pause('webhook a', failures.noKey(), undefined);
  expect(lanes.isRenewed('key', 'one')).toBe(false);
  expect(lanes.isRenewed('key', undefined)).toBe(false);
  expect(lanes.isRenewed('key', 'two')).toBe(true);
  expect(lanes.isRenewed('webhook a', undefined)).toBe(false);
  expect(lanes.isRenewed('webhook a', 'one')).toBe(true);
  expect(lanes.isRenewed('nobody', 'one')).toBe(false);
});
