import { NetworkError } from './errors.js';

/** This side ended it before anything was sent. */
export function stoppedError(): NetworkError {
  return new NetworkError('stopped', {}, { requestSent: false });
}
