import { InputError } from '../errors/errors.js';

/** The largest body that is sent. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/** @throws {InputError} when a body is over 10 MiB. */
export function checkRequestSize(bytes: number): void {
  if (bytes <= MAX_REQUEST_BYTES) return;
  throw new InputError('bodyTooLarge', {
    megabytes: megabytes(bytes),
    limitMegabytes: megabytes(MAX_REQUEST_BYTES),
  });
}

/** Rounded up, so that what is too large never looks as if it were not. */
function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 102.4) / 10;
}
