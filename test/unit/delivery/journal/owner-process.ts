import { type Clock, systemClock } from '../../../../src/clock.js';
import { OwnerLock } from '../../../../src/delivery/journal/owner-lock.js';
import { StorageError } from '../../../../src/errors/errors.js';

// A program that wants to own the folder it is given, and tells its parent how that went.
const [folder = ''] = process.argv.slice(2);
const tell = (word: string): void => {
  process.send?.(word);
};

/** Tells when it begins to wait, and waits until it is told to go on. */
const clock: Clock = {
  ...systemClock,
  schedule(_delayMs, callback) {
    process.once('message', callback);
    tell('asking');
    return () => undefined;
  },
};

OwnerLock.acquire(folder, clock, () => {
  tell('lost');
}).then(
  (lock) => {
    process.on('message', (word) => {
      if (word !== 'release') return;
      void lock.release().then(() => {
        process.disconnect();
      });
    });
    tell('owned');
  },
  (error: unknown) => {
    tell(error instanceof StorageError ? error.reason : String(error));
    process.disconnect();
  },
);
