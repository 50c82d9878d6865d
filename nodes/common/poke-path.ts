import { join } from 'node:path';
import type { NodeAPI } from 'node-red';

/**
 * A place for what this package keeps in Node-RED's user directory, or `undefined` when there is none. An id of a
 * node can be any text, as flows are written by hand too: none leads out of the folder of the package.
 */
export function pokePath({ settings }: NodeAPI, ...names: readonly string[]): string | undefined {
  const { userDir } = settings;
  return userDir ? join(userDir, 'poke', ...names.map(fileName)) : undefined;
}

/** A text as the name of a file or folder; `nameOfFile` tells it again. */
function fileName(text: string): string {
  const escaped = encodeURIComponent(text);
  return /^\.+$/.test(escaped) ? escaped.replaceAll('.', '%2E') : escaped;
}

/** The text that a file or folder is named for; `undefined` when it was not named by `pokePath`. */
export function nameOfFile(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
