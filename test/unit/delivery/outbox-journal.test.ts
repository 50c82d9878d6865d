import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { ANNOUNCED_AHEAD } from '../../../src/delivery/announcer.js';
import { eventDelivery, messageDelivery, newDeliveryId } from '../../../src/delivery/delivery.js';
import { DurableOutbox } from '../../../src/delivery/durable-outbox.js';
import { Journal } from '../../../src/delivery/journal/journal.js';
import { DEFAULT_OUTBOX_SETTINGS } from '../../../src/delivery/outbox-settings.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';
import { FakePoke, failures, yes } from './fake-poke.js';
import { webhook } from './outbox-rig.js';
import { RecordedEvents } from './recorded-events.js';

const temporary = useTemporaryFolder();
const clock = new ManualClock();
const opened: { poke: FakePoke; outbox: DurableOutbox }[] = [];

afterEach(async () => {
  for (const { outbox } of opened.splice(0)) {
    const closed = outbox.close(0);
    clock.advance(0);
    await closed;
  }
});

/** An outbox with a real journal. */
async function open(name: string, answer: FakePoke['answer'] = () => yes) {
  const store = new Journal({ folder: path.join(temporary.path, name), clock: systemClock });
  const recovered = await store.open();
  const [poke, events] = [new FakePoke(), new RecordedEvents()];
  let arrived = (): void => undefined;
  poke.answer = (received) => {
    arrived();
    return answer(received);
  };
  const settings = DEFAULT_OUTBOX_SETTINGS;
  const outbox = new DurableOutbox({ poke, store, recovered, settings, events, clock });
  opened.push({ poke, outbox });
  /** Resolves when so many attempts have reached the server. */
  const received = (count: number) =>
    new Promise<void>((resolve) => {
      arrived = () => {
        if (poke.received.length >= count) resolve();
      };
      arrived();
    });
  /** Resolves when so many deliveries ended that nobody waited for. */
  const settled = (count: number) =>
    new Promise<void>((resolve) => {
      const settle = events.settled.bind(events);
      events.settled = (...facts) => {
        const wasTold = settle(...facts);
        if (events.settledOnes.length >= count) resolve();
        return wasTold;
      };
      if (events.settledOnes.length >= count) resolve();
    });
  return { outbox, poke, events, received, settled };
}

/** The folder as it is now, as if the process had been killed, or the power had gone. */
function copyOf(name: string): string {
  const copy = `${name} killed`;
  cpSync(path.join(temporary.path, name), path.join(temporary.path, copy), {
    recursive: true,
    filter: (file) => !path.basename(file).startsWith('lock'),
  });
  return copy;
}

function send(outbox: DurableOutbox, text: string): void {
  const delivery = messageDelivery(newDeliveryId(), text);
  void outbox.accept(delivery, { node: 'n', message: JSON.stringify({ payload: text }) });
}

describe('when the process is killed', () => {
  it('what was under way is sent again and says so, and the same messages come back', async () => {
    const before = await open('account', () => 'hang');
    const texts = ['m0', 'm1', 'm2', 'm3'];
    for (const text of texts) send(before.outbox, text);
    await before.received(4);

    const after = await open(copyOf('account'));
    await after.settled(4);
    expect(after.poke.texts).toStrictEqual(texts);
    expect(after.poke.received.map(({ id }) => id)).toStrictEqual(
      before.poke.received.map(({ id }) => id),
    );
    for (const { id, redelivery } of after.poke.received) {
      expect(redelivery).toStrictEqual({ id, attempt: 2 });
    }
    expect(after.events.settledOnes.map(({ node, message }) => [node, message])).toStrictEqual(
      texts.map((text) => ['n', JSON.stringify({ payload: text })]),
    );
  });

  it('everything that waited is sent, in order, and at most a few that were not tried say so', async () => {
    const before = await open('account', () => 'hang');
    const texts = Array.from({ length: 300 }, (_, index) => `m${index}`);
    for (const text of texts) send(before.outbox, text);
    await before.received(4);
    expect(before.outbox.desk.status().waiting).toBe(300);

    const after = await open(copyOf('account'));
    await after.settled(300);
    expect(after.poke.texts).toStrictEqual(texts);
    const marked = after.poke.received.filter(({ redelivery }) => redelivery !== undefined);
    expect(marked.length).toBeLessThanOrEqual(4 + ANNOUNCED_AHEAD);
    for (const { id } of before.poke.received) {
      expect(marked.map((received) => received.id)).toContain(id);
    }
  });

  it('an event with a token of its own goes where it was to go', async () => {
    const before = await open('account', () => 'hang');
    const event = eventDelivery(newDeliveryId(), webhook, { level: 1 }, 'leak');
    void before.outbox.accept(event, { node: 'n' });
    await before.received(1);
    const after = await open(copyOf('account'));
    await after.settled(1);
    expect(after.poke.received[0]?.delivery).toMatchObject({ kind: 'event', ...webhook });
    expect(after.poke.received[0]?.body).toMatchObject({ level: 1 });
  });
});

describe('when the process ends well', () => {
  it('nothing that was not under way says that it is a repeat', async () => {
    const before = await open('account', () => failures.refused());
    for (const text of ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']) send(before.outbox, text);
    await before.received(4);
    await before.outbox.close(0);
    opened.pop();
    const after = await open('account');
    await after.settled(6);
    expect(after.poke.texts).toStrictEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
    for (const { redelivery } of after.poke.received) expect(redelivery).toBeUndefined();
  });

  it('what is dead stays dead, with its reason, and can be replayed', async () => {
    const before = await open('account', () => failures.status(400));
    const delivery = messageDelivery('d-1', 'm0');
    await before.outbox.accept(delivery, { node: 'n', message: '{"payload":"m0"}' });
    await before.outbox.close(0);
    opened.pop();
    const after = await open('account');
    expect(after.outbox.desk.list(10)).toMatchObject([
      { id: 'd-1', state: 'dead', attempts: 1, lastError: { status: 400 } },
    ]);
    await expect(after.outbox.desk.body('d-1')).resolves.toBe('{"message":"m0"}');
    after.outbox.desk.replay('d-1');
    await after.settled(1);
    expect(after.events.settledOnes[0]).toMatchObject({
      message: '{"payload":"m0"}',
      outcome: { state: 'delivered', attempts: 2 },
    });
  });
});
