import { isRecord } from '../is-record.js';
import { byId } from './dom.js';

async function problemOf(method: string, path: string, body: unknown): Promise<string> {
  try {
    const headers = { 'content-type': 'application/json' };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(path, { method, headers, ...content });
    if (response.ok) {
      return '';
    }
    const answer: unknown = await response.json();
    return isRecord(answer) ? String(answer['error']) : `The sandbox answered ${response.status}.`;
  } catch {
    return 'The sandbox does not answer. Is it still running?';
  }
}

/** Asks the sandbox to do something; says below the controls what went wrong, if anything. */
export async function command(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<void> {
  byId('problem', HTMLElement).textContent = await problemOf(method, path, body);
}
