import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { projectPath } from '../scripts/project-path.mjs';
import { library } from './built-library.mjs';

/**
 * Sends Poke a message and reads the answer, which is JSON.
 * @typedef {(text: string) => Promise<unknown>} SendMessage
 */

const apiKey = 'pk_benchmark';
const path = '/inbound/api-message';

/**
 * Ways to send messages, each as somebody would use it who knows it well: with connections that are kept.
 * @type {Record<string, { label: string, open: (baseUrl: string) => Promise<SendMessage> }>}
 */
export const httpClients = {
  library: { label: 'this library', open: openLibrary },
  sdk: {
    label: `official SDK: poke ${versionIn(projectPath('node_modules', 'poke'))}`,
    open: openSdk,
  },
  got: { label: `got ${versionIn(gotFolder())}, as in \`http request\``, open: openGot },
  fetch: { label: '`fetch` of Node.js', open: openFetch },
  raw: { label: 'raw `node:http`', open: openRaw },
};

/** @param {string} baseUrl */
async function openLibrary(baseUrl) {
  const { Poke } = library();
  const poke = new Poke({ apiKey, baseUrl });
  return (/** @type {string} */ text) => poke.sendMessage(text);
}

/** @param {string} baseUrl */
async function openSdk(baseUrl) {
  const { Poke } = await import('poke');
  const poke = new Poke({ apiKey, baseUrl });
  return (/** @type {string} */ text) => poke.sendMessage(text);
}

/** @param {string} baseUrl */
async function openGot(baseUrl) {
  const { got } = await import(pathToFileURL(gotEntry()).href);
  const agent = { http: new http.Agent({ keepAlive: true }) };
  const headers = { Authorization: `Bearer ${apiKey}` };
  const client = got.extend({ agent, headers, responseType: 'json', retry: { limit: 0 } });
  return async (/** @type {string} */ message) => {
    const { body } = await client.post(`${baseUrl}${path}`, { json: { message } });
    return body;
  };
}

/** @param {string} baseUrl */
async function openFetch(baseUrl) {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
  return async (/** @type {string} */ message) => {
    const body = JSON.stringify({ message });
    const response = await fetch(`${baseUrl}${path}`, { method: 'POST', headers, body });
    return response.json();
  };
}

/** @param {string} baseUrl */
async function openRaw(baseUrl) {
  const agent = new http.Agent({ keepAlive: true });
  const url = new URL(`${baseUrl}${path}`);
  const { hostname, port, pathname } = url;
  return (/** @type {string} */ message) =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(JSON.stringify({ message }));
      const headers = {
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
      };
      const options = { agent, hostname, port, path: pathname, method: 'POST', headers };
      const request = http.request(options, (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk)).once('error', reject);
        response.once('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      });
      request.once('error', reject).end(body);
    });
}

/** The got that the core node `http request` uses. */
function gotEntry() {
  const nodes = createRequire(projectPath('node_modules', '@node-red', 'nodes', 'package.json'));
  return nodes.resolve('got');
}

function gotFolder() {
  const entry = gotEntry();
  return entry.slice(0, entry.lastIndexOf('dist') - 1);
}

/** @param {string} folder of a package */
function versionIn(folder) {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version;
}
