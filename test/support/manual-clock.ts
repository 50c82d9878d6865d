import type { Clock } from '../../src/clock.js';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Time that only passes by `advance`. */
export class ManualClock implements Clock {
  #nowMs: number;
  /** How far the clock on the wall is off. */
  #offsetMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = '2026-11-24T12:00:00Z') {
    this.#nowMs = Date.parse(now);
  }

  /** How long each timer still has to wait, the next one first. */
  get waitsMs(): number[] {
    return this.#inOrder().map(({ dueMs }) => dueMs - this.#nowMs);
  }

  now(): number {
    return this.#nowMs + this.#offsetMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** Sets the clock on the wall forth, or back. No time passes. */
  jump(offsetMs: number): void {
    this.#offsetMs += offsetMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Lets time pass, and calls what falls due meanwhile, each at its time. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#timers.delete(next);
      this.#nowMs = next.dueMs;
      next.callback();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    return this.#inOrder().find(({ dueMs }) => dueMs <= endMs);
  }

  #inOrder(): Timer[] {
    return [...this.#timers].sort((a, b) => a.dueMs - b.dueMs);
  }
}
