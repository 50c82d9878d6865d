import { createHmac, randomBytes } from 'node:crypto';

/** New in each process, so that a fingerprint is of no use to anybody who sees it. */
const SALT = randomBytes(32);

/** Tells one secret from another without holding it. */
export function fingerprint(secret: string): string {
  return createHmac('sha256', SALT).update(secret).digest('base64url');
}
