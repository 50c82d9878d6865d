import { expect } from 'vitest';
import { linesOf } from '../../../../src/delivery/journal/frame.js';
import { Journal } from '../../../../src/delivery/journal/journal.js';
import type { QueuedDelivery } from '../../../../src/delivery/queued-delivery.js';
import { ManualClock } from '../../../support/manual-clock.js';
import type { DiskImage, SimulatedDisk } from '../../../support/simulated-disk.js';
import { payloadOf, queued } from '../queued-deliveries.js';

/** Something that may happen to a journal. */
export type Step =
  | { readonly do: 'add'; readonly padding: number }
  | { readonly do: 'save' | 'saveSoon' | 'remove'; readonly which: number }
  | { readonly do: 'pause'; readonly isPaused: boolean }
  /** Lets everything that was begun end. */
  | { readonly do: 'settle' }
  /** Lets the disk do a little. */
  | { readonly do: 'turn'; readonly turns: number }
  | { readonly do: 'reopen' }
  /** The power fails, and comes back. */
  | { readonly do: 'cut'; readonly which: number }
  /** The next write to the disk fails. */
  | { readonly do: 'fail'; readonly code: string };

/** What a power cut may leave of a delivery. */
interface Known {
  readonly delivery: QueuedDelivery;
  readonly padding: number;
  isKept: boolean;
  /** It was asked to be forgotten. */
  isRemoved: boolean;
  /** That it was is on the disk. */
  isEnded: boolean;
  /** It was not accepted. */
  isRefused: boolean;
  keptAttempts: number;
}

interface Expected extends Known {
  readonly maxAttempts: number;
}

interface Moment {
  readonly images: readonly DiskImage[];
  readonly expected: readonly Expected[];
}

const FOLDER = '/data/poke/account';

/** A journal on a simulated disk, with a model of what it has to hold. */
export class JournalWorld {
  readonly #disk: SimulatedDisk;
  #clock = new ManualClock();
  #journal: Journal;
  #known = new Map<string, Known>();
  #nextSeq = 1;
  #nextId = 1;
  #begun: Promise<void>[] = [];
  readonly #moments: Moment[] = [];

  private constructor(disk: SimulatedDisk) {
    this.#disk = disk;
    this.#journal = this.#create();
  }

  static async begin(disk: SimulatedDisk): Promise<JournalWorld> {
    disk.fault = () => undefined;
    disk.onChange = () => undefined;
    disk.turnOn(new Map([['/data', Buffer.alloc(0)]]));
    const world = new JournalWorld(disk);
    await world.#open();
    world.#watch();
    return world;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'add':
        this.#add(step.padding);
        break;
      case 'save':
      case 'saveSoon':
      case 'remove':
        this.#touch(step.do, step.which);
        break;
      case 'pause':
        this.#journal.savePaused(step.isPaused);
        break;
      case 'settle':
        await this.#settle();
        break;
      case 'turn':
        for (let turn = 0; turn < step.turns; turn += 1) await new Promise(setImmediate);
        break;
      case 'reopen':
        await this.#settle();
        await this.#journal.close();
        await this.#restart();
        break;
      case 'cut':
        await this.#cutPower(step.which);
        break;
      case 'fail':
        this.#failOnce(step.code);
        break;
    }
  }

  async finish(): Promise<void> {
    await this.#settle();
    this.#clock.advance(2000);
    await this.#journal.close();
    expect(this.#disk.openFiles).toBe(0);
    await this.#restart();
    await this.#journal.close();
  }

  /** Looks at what would be left at every moment there was. Returns how many different disks that were. */
  async checkPowerCuts(): Promise<number> {
    this.#disk.onChange = () => undefined;
    const seen = new Set<string>();
    for (const { images, expected } of this.#moments) {
      for (const image of images) {
        const key = fingerprint(image, expected);
        if (seen.has(key)) continue;
        seen.add(key);
        this.#disk.turnOn(image);
        const journal = this.#create();
        await compare(journal, expected);
        await journal.close();
      }
    }
    return seen.size;
  }

  #create(): Journal {
    return new Journal({
      folder: FOLDER,
      clock: this.#clock,
      segmentBytes: 700,
      garbageBytes: 1500,
    });
  }

  async #open(): Promise<void> {
    const { nextSeq } = await this.#journal.open();
    this.#nextSeq = nextSeq;
  }

  #add(padding: number): void {
    const delivery = queued(this.#nextSeq, { id: `d-${this.#nextId}` });
    this.#nextSeq += 1;
    this.#nextId += 1;
    const known = {
      delivery,
      padding,
      isKept: false,
      isRemoved: false,
      isEnded: false,
      isRefused: false,
      keptAttempts: 0,
    };
    this.#known.set(delivery.id, known);
    this.#begin(
      this.#journal.add(delivery, payloadOf(delivery, padding)),
      () => (known.isKept = true),
      () => (known.isRefused = true),
    );
  }

  #touch(what: 'save' | 'saveSoon' | 'remove', which: number): void {
    const live = [...this.#known.values()].filter(({ isKept, isRemoved }) => isKept && !isRemoved);
    const known = live[which % live.length];
    if (!known) return;
    const { delivery } = known;
    if (what === 'remove') {
      known.isRemoved = true;
      this.#journal.remove(delivery);
      return;
    }
    delivery.attempts += 1;
    const { attempts } = delivery;
    if (what === 'saveSoon') this.#journal.saveSoon(delivery);
    else this.#begin(this.#journal.save(delivery), () => (known.keptAttempts = attempts));
  }

  #begin(call: Promise<void>, onKept: () => void, onRefused: () => void = () => undefined): void {
    this.#begun.push(call.then(onKept, onRefused));
  }

  #watch(): void {
    this.#disk.onChange = () => {
      this.#noteWhatEnded();
      this.#moments.push({ images: this.#disk.afterPowerCut(), expected: this.#expected() });
    };
  }

  async #settle(): Promise<void> {
    let waiting = this.#begun.length;
    for (const call of this.#begun) void call.then(() => (waiting -= 1));
    this.#begun = [];
    while (waiting > 0) {
      this.#clock.advance(20);
      await new Promise(setImmediate);
    }
  }

  #failOnce(code: string): void {
    this.#disk.fault = ({ name }) => {
      if (name === 'open' || name === 'read' || name === 'mkdir') return undefined;
      this.#disk.fault = () => undefined;
      return code;
    };
  }

  async #cutPower(which: number): Promise<void> {
    const images = this.#disk.afterPowerCut();
    const expected = this.#expected();
    this.#disk.onChange = () => undefined;
    await this.#disk.turnOff();
    this.#disk.fault = () => undefined;
    this.#disk.turnOn(images[which % images.length]!);
    this.#begun = [];
    await this.#restart(expected);
    this.#watch();
  }

  async #restart(expected = this.#expected()): Promise<void> {
    this.#disk.fault = () => undefined;
    this.#clock = new ManualClock();
    this.#journal = this.#create();
    const deliveries = await compare(this.#journal, expected);
    // From here on it is what the journal said.
    const paddings = new Map(
      [...this.#known.values()].map((known) => [known.delivery.id, known.padding]),
    );
    this.#known = new Map();
    for (const delivery of deliveries) {
      const { id, attempts } = delivery;
      this.#known.set(id, {
        delivery,
        padding: paddings.get(id)!,
        isKept: true,
        isRemoved: false,
        isEnded: false,
        isRefused: false,
        keptAttempts: attempts,
      });
    }
    await this.#open();
  }

  #noteWhatEnded(): void {
    for (const [path, content] of this.#disk.syncedFiles) {
      if (!path.endsWith('.log')) continue;
      for (const { frame } of linesOf(content)) {
        const record = frame?.record as { type?: string; seq?: number } | undefined;
        if (record?.type !== 'end') continue;
        for (const known of this.#known.values()) {
          if (known.delivery.seq === record.seq && known.isRemoved) known.isEnded = true;
        }
      }
    }
  }

  #expected(): Expected[] {
    return [...this.#known.values()].map((known) => ({
      ...known,
      maxAttempts: known.delivery.attempts,
    }));
  }
}

async function compare(
  journal: Journal,
  expected: readonly Expected[],
): Promise<readonly QueuedDelivery[]> {
  const { deliveries } = await journal.open();
  const found = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  expect(found.size).toBe(deliveries.length);
  for (const { delivery, padding, ...known } of expected) {
    const recovered = found.get(delivery.id);
    found.delete(delivery.id);
    if (known.isKept && !known.isRemoved) expect(recovered, `${delivery.id} is kept`).toBeDefined();
    if (known.isEnded) expect(recovered, `${delivery.id} has ended`).toBeUndefined();
    if (!recovered) continue;
    expect(recovered.attempts).toBeGreaterThanOrEqual(known.keptAttempts);
    expect(recovered.attempts).toBeLessThanOrEqual(known.maxAttempts);
    expect(recovered).toStrictEqual({ ...delivery, attempts: recovered.attempts });
    await expect(journal.readPayload(recovered)).resolves.toStrictEqual(
      payloadOf(delivery, padding),
    );
  }
  expect([...found.keys()], 'invented').toStrictEqual([]);
  return deliveries;
}

function fingerprint(image: DiskImage, expected: readonly Expected[]): string {
  const files = [...image].map(([path, content]) => `${path} ${content.toString('latin1')}`);
  return JSON.stringify([files, expected]);
}
