import { createHmac, randomBytes } from 'node:crypto';

/** New in each process, so that a fingerprint is of no use to anybody who sees it. */
const SALT = randomBytes(32);

/**
 * Tells one secret from another without holding it.
 *
 * @param salt - fingerprints with different ones have nothing in common. @default one of this process
 */
export function fingerprint(secret: string, salt: string | Buffer = SALT): string {
  return createHmac('sha256', salt).update(secret).digest('base64url');
}
