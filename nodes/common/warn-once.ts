import type { NodeAPI } from 'node-red';
import { PokeError } from '../../src/index.js';
import { errorInWords } from './report.js';

/** Warns of each problem the first time that it comes up: what every call runs into is said once. */
export function warnOnce(RED: NodeAPI, warn: (text: string) => void): (error: Error) => void {
  const said = new Set<string>();
  return (error) => {
    const text = error instanceof PokeError ? errorInWords(RED, error) : error.message;
    if (said.has(text)) return;
    said.add(text);
    warn(text);
  };
}
