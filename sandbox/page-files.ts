import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendText } from './http.js';

interface PageFile {
  readonly name: string;
  readonly type: string;
}

const files = new Map<string, PageFile>([
  ['/', { name: 'index.html', type: 'text/html; charset=utf-8' }],
  ['/page.css', { name: 'page.css', type: 'text/css; charset=utf-8' }],
  ['/page.js', { name: 'page.js', type: 'text/javascript; charset=utf-8' }],
  ['/icon.svg', { name: 'icon.svg', type: 'image/svg+xml' }],
]);
const plain = 'text/plain; charset=utf-8';
const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page's files; anything else is not found. */
export class PageFiles {
  readonly #directory: URL;

  constructor(directory: URL) {
    this.#directory = directory;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const file = files.get(path);
    if (file === undefined) {
      sendText(response, 404, { type: plain, text: 'There is nothing here.\n' }, headers);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const allow = 'GET, HEAD';
      sendText(response, 405, { type: plain, text: `Use ${allow}.\n` }, { ...headers, allow });
      return;
    }
    const text = await this.#read(file.name);
    if (text === undefined) {
      const missing = `${file.name} is not built: run node scripts/build-sandbox.mjs.\n`;
      sendText(response, 404, { type: plain, text: missing }, headers);
    } else {
      sendText(response, 200, { type: file.type, text }, headers);
    }
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      return await readFile(new URL(name, this.#directory), 'utf8');
    } catch {
      return undefined;
    }
  }
}
