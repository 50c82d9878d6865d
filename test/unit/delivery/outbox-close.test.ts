import { describe, expect, it } from 'vitest';
import { messageDelivery } from '../../../src/delivery/delivery.js';
import { DurableOutbox } from '../../../src/delivery/durable-outbox.js';
import { MemoryStore } from '../../../src/delivery/memory-store.js';
import { DEFAULT_OUTBOX_SETTINGS } from '../../../src/delivery/outbox-settings.js';
import { ManualClock } from '../../support/manual-clock.js';
import { FakePoke, failures, yes } from './fake-poke.js';
import { OutboxRig, quiet } from './outbox-rig.js';
import { RecordedEvents } from './recorded-events.js';

describe('closing', () => {
  it('waits for what is under way, and for no longer than its grace', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => 'hang';
    await rig.send('m0');
    let isClosed = false;
    const closed = rig.outbox.close(10_000).then(() => {
      isClosed = true;
    });
    await rig.pass(9999);
    expect([isClosed, rig.poke.isClosed]).toStrictEqual([false, false]);
    await rig.pass(1);
    await closed;
    expect([rig.poke.isClosed, rig.store.isClosed]).toStrictEqual([true, true]);
    expect(rig.clock.waitsMs).toStrictEqual([]);
  });

  it('ends at once when nothing is under way, also when deliveries wait', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0');
    await rig.outbox.close(10_000);
    expect(rig.state('m0')).toBe('kept');
  });

  it('twice is closing once', async () => {
    const rig = await OutboxRig.open();
    await Promise.all([rig.outbox.close(10), rig.outbox.close(10)]);
    await rig.outbox.close(10);
    expect(rig.store.isClosed).toBe(true);
  });

  it('tells those who wait that their deliveries are kept, and refuses newcomers', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => 'hang';
    await rig.send('m0');
    const closed = rig.outbox.close(1000);
    await rig.send('late');
    expect([rig.state('m0'), rig.state('late')]).toStrictEqual(['kept', 'stopped']);
    await rig.pass(1000);
    await closed;
  });

  it('keeps a delivery that is still being written to disk', async () => {
    const rig = await OutboxRig.open();
    rig.store.hold();
    await rig.send('m0');
    const closed = rig.outbox.close(1000);
    await quiet();
    rig.store.letGo();
    await closed;
    expect(rig.state('m0')).toBe('kept');
    expect(rig.poke.received).toHaveLength(0);
    await rig.reopen();
    expect(rig.poke.texts).toStrictEqual(['m0']);
    expect(rig.poke.received[0]?.redelivery).toBeUndefined();
  });

  it('lets go of the disk only after every delivery that is being written is', async () => {
    const rig = await OutboxRig.open();
    let isWritten = (): void => undefined;
    rig.store.add = () =>
      new Promise((resolve) => {
        isWritten = resolve;
      });
    await rig.send('m0');
    const closed = rig.outbox.close(0);
    await quiet();
    rig.clock.advance(0);
    await quiet();
    expect([rig.poke.isClosed, rig.store.isClosed]).toStrictEqual([true, false]);
    isWritten();
    await closed;
    expect(rig.store.isClosed).toBe(true);
    expect(rig.state('m0')).toBe('kept');
  });

  it('counts no attempt that was only announced', async () => {
    const rig = await OutboxRig.open({ concurrency: 1 });
    rig.poke.answer = () => 'hang';
    await rig.send(...Array.from({ length: 100 }, (_, index) => `m${index}`));
    rig.poke.answer = () => yes;
    await rig.restart();
    await quiet();
    expect(rig.poke.received).toHaveLength(100);
    const marked = rig.poke.received.filter(({ redelivery }) => redelivery !== undefined);
    expect(marked.map(({ body }) => body['message'])).toStrictEqual(['m0']);
    expect(rig.poke.received[0]?.redelivery).toMatchObject({ attempt: 2 });
    const attempts = rig.events.settledOnes.map(({ outcome }) =>
      outcome.state === 'delivered' ? outcome.attempts : undefined,
    );
    expect(new Set(attempts.slice(1))).toStrictEqual(new Set([1]));
  });

  it('reports what is delivered within the grace after the restart, once', async () => {
    const rig = await OutboxRig.open();
    let answer = (): void => undefined;
    rig.poke.answer = () =>
      new Promise((resolve) => {
        answer = () => {
          resolve(yes);
        };
      });
    await rig.send('m0');
    const { events } = rig;
    events.areNodesThere = false;
    const closed = rig.outbox.close(1000);
    answer();
    await closed;
    await rig.reopen();
    expect(rig.poke.received).toHaveLength(0);
    expect(rig.events.settledOnes).toHaveLength(1);
    expect(rig.events.settledOnes[0]).toMatchObject({
      node: 'n',
      message: '{"payload":"m0"}',
      outcome: { state: 'delivered', attempts: 1, status: 200, answer: { success: true } },
    });
    await rig.restart();
    expect(rig.events.settledOnes).toHaveLength(0);
  });
});

describe('closing without a disk', () => {
  it('fails what could not be delivered within the grace, because nothing keeps it', async () => {
    const clock = new ManualClock();
    const poke = new FakePoke();
    const store = new MemoryStore();
    const outbox = new DurableOutbox({
      poke,
      store,
      recovered: await store.open(),
      settings: { ...DEFAULT_OUTBOX_SETTINGS, concurrency: 1 },
      events: new RecordedEvents(),
      clock,
    });
    poke.answer = () => 'hang';
    const outcomes = ['m0', 'm1'].map((text) => outbox.accept(messageDelivery(text, text)));
    await quiet();
    expect(outbox.desk.status()).toMatchObject({ waiting: 2, isDurable: false });
    const closed = outbox.close(1000);
    await quiet();
    clock.advance(1000);
    await closed;
    const [first, second] = await Promise.all(outcomes);
    expect(first).toMatchObject({ state: 'failed', attempts: 1, error: { reason: 'stopped' } });
    expect(second).toMatchObject({ state: 'failed', attempts: 0, error: { reason: 'stopped' } });
  });
});

describe('a node that goes', () => {
  it('is told that its deliveries are kept, and their end comes as an event, once', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0', 'm1');
    rig.accept('other', { node: 'other' });
    await quiet();
    rig.outbox.release('n');
    await quiet();
    expect(['m0', 'm1', 'other'].map((text) => rig.state(text))).toStrictEqual([
      'kept',
      'kept',
      'waiting',
    ]);
    rig.poke.answer = ({ body }) => (body['message'] === 'm1' ? failures.status(400) : yes);
    rig.desk.pause(false);
    await quiet();
    expect(rig.state('other')).toBe('delivered');
    expect(
      rig.events.settledOnes.map(({ message, outcome }) => [message, outcome.state]),
    ).toStrictEqual([
      ['{"payload":"m0"}', 'delivered'],
      ['{"payload":"m1"}', 'failed'],
    ]);
    rig.outbox.reportAgain();
    await quiet();
    expect(rig.events.settledOnes).toHaveLength(2);
  });

  it('while its delivery is being written to disk is told so, too', async () => {
    const rig = await OutboxRig.open();
    rig.store.hold();
    await rig.send('m0');
    rig.outbox.release('n');
    await quiet();
    expect(rig.state('m0')).toBe('waiting');
    rig.store.letGo();
    await quiet();
    expect(rig.state('m0')).toBe('kept');
    expect(rig.events.settledOnes).toHaveLength(1);
  });

  it('that comes back later is told then of what ended meanwhile', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0');
    rig.outbox.release('n');
    rig.events.areNodesThere = false;
    rig.desk.pause(false);
    await quiet();
    rig.outbox.reportAgain();
    await quiet();
    expect(rig.events.settledOnes).toHaveLength(0);
    rig.events.areNodesThere = true;
    rig.outbox.reportAgain();
    rig.outbox.reportAgain();
    await quiet();
    expect(rig.events.settledOnes).toHaveLength(1);
  });

  it('and fails to listen does not keep others from being told, nor the outbox from closing', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0', 'm1');
    rig.outbox.release('n');
    const settled = rig.events.settled.bind(rig.events);
    rig.events.settled = (delivery, outcome, message) => {
      if (message.includes('m0')) throw new Error('a bug in a node');
      return settled(delivery, outcome, message);
    };
    rig.desk.pause(false);
    await quiet();
    expect(rig.events.settledOnes.map(({ message }) => message)).toStrictEqual([
      '{"payload":"m1"}',
    ]);
    expect(rig.events.log.join()).toContain('a bug in a node');
    await rig.restart();
    expect(rig.events.settledOnes.map(({ message }) => message)).toStrictEqual([
      '{"payload":"m0"}',
    ]);
  });

  it('of whom nothing is known gets no event', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    rig.accept('m0', { node: '' });
    await quiet();
    await rig.restart();
    rig.desk.pause(false);
    await quiet();
    expect(rig.poke.texts).toStrictEqual(['m0']);
    expect(rig.events.settledOnes).toHaveLength(0);
  });
});
