/** How long one attempt may take, from the start to the end of the answer, unless set otherwise. */
export const DEFAULT_TIMEOUT_SECONDS = 15;

/** The longest timeout that can be set. */
export const MAX_TIMEOUT_SECONDS = 600;

/** True for a number of seconds that can be a timeout. */
export function isTimeoutSeconds(value: number): boolean {
  return Number.isFinite(value) && value > 0 && value <= MAX_TIMEOUT_SECONDS;
}

/** The most attempts of an account that can be under way at a time: one for each connection. */
export const MAX_CONCURRENCY = 64;

/** True for a number of hours that deliveries may wait; 0 = for ever. */
export function isExpiryHours(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

/** True for a number of deliveries that may wait. */
export function isMaxQueued(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

/** True for a number of attempts that may be made in a minute. */
export function isRateLimit(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

/** True for a number of attempts that may be under way at a time. */
export function isConcurrency(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= MAX_CONCURRENCY;
}

/** The longest that a call of a tool can last: what a timer of Node.js can run, a day short of 25. */
export const MAX_CALL_SECONDS = 24 * 86_400;

/** True for a number of seconds that a call of a tool, or the wait for its result, can last. */
export function isCallSeconds(value: number): boolean {
  return Number.isFinite(value) && value > 0 && value <= MAX_CALL_SECONDS;
}
