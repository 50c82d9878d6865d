/** How long one attempt may take, from the start to the end of the answer, unless set otherwise. */
export const DEFAULT_TIMEOUT_SECONDS = 15;

/** The longest timeout that can be set. */
export const MAX_TIMEOUT_SECONDS = 600;

/** True for a number of seconds that can be a timeout. */
export function isTimeoutSeconds(value: number): boolean {
  return Number.isFinite(value) && value > 0 && value <= MAX_TIMEOUT_SECONDS;
}
