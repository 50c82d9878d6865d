const REDACTED = '[redacted]';

/** Shorter ones are no secrets that anyone uses, and replacing them would garble every text. */
const MIN_SECRET_LENGTH = 6;

/**
 * Replaces `secret`, which is visible ASCII, as it is and as JSON or a URL may write it, wherever it stands
 * in `text`: servers do echo the headers they were sent.
 */
export function redactSecret(text: string, secret: string): string {
  if (secret.length < MIN_SECRET_LENGTH) return text;
  // Most texts write nothing in another form.
  if (!/[\\%]/.test(text)) return text.replaceAll(secret, REDACTED);
  return text.replace(new RegExp(secret.replaceAll(/./g, anyForm), 'gu'), REDACTED);
}

/** A pattern for one character: every encoder has its own idea of which ones it has to escape. */
function anyForm(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(2, '0');
  const hex = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const plain = `\\u{${code}}`;
  const slashed = '"\\/'.includes(character) ? `\\\\${plain}|` : '';
  return `(?:${slashed}${plain}|\\\\u00${hex}|%${hex})`;
}
