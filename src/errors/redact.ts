const REDACTED = '[redacted]';

/** Shorter ones are no secrets that anyone uses, and replacing them would garble every text. */
const MIN_SECRET_LENGTH = 6;

/**
 * Replaces `secret`, as it is and as it looks inside JSON or a URL, wherever it stands in `text`: servers
 * do echo the headers they were sent.
 */
export function redactSecret(text: string, secret: string): string {
  if (secret.length < MIN_SECRET_LENGTH) return text;
  const forms = new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  let redacted = text;
  for (const form of forms) redacted = redacted.replaceAll(form, REDACTED);
  return redacted;
}
