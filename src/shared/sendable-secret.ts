/** Visible ASCII only: anything else cannot stand in an HTTP header. Poke's prefix is never judged. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/** True when a key or token, already trimmed, can be sent as it is. */
export function isSendableSecret(secret: string): boolean {
  return HEADER_SAFE.test(secret);
}
