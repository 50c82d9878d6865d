import { isRecord } from '../support/is-record.js';
import type { Receipt } from './numbered-server.js';

/** Those whose message came before. */
export function repeatsAmong(receipts: readonly Receipt[]): Receipt[] {
  const seen = new Set<number>();
  return receipts.filter(({ number }) => {
    const isRepeat = seen.has(number);
    seen.add(number);
    return isRepeat;
  });
}

/** Those that do not say that they may be repeats. */
export function unmarkedAmong(receipts: readonly Receipt[]): Receipt[] {
  return receipts.filter(({ redelivery, idempotencyKey }) => {
    if (!isRecord(redelivery)) return true;
    const { id, attempt } = redelivery;
    return id !== idempotencyKey || typeof attempt !== 'number' || attempt < 2;
  });
}

/** Those whose message came first after a later one. */
export function outOfOrder(receipts: readonly Receipt[]): number[] {
  const firsts = [...new Set(receipts.map(({ number }) => number))];
  return firsts.filter((number, index) => number < (firsts[index - 1] ?? 0));
}
