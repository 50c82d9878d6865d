// A server that takes every message at once, and counts them by the first part of the path and the number in the body.
import http from 'node:http';
import { serveParent } from '../serve-parent.mjs';

/** Longer than any candidate is idle: no connection closes just when it is used again. */
const keepAliveTimeoutMs = 300_000;
const backlog = 4096;
const answer = Buffer.from('{"success":true,"message":"Message sent"}');
const headers = { 'content-type': 'application/json', 'content-length': answer.length };

/** @type {Map<string, Map<string, number>>} how often each message came, by candidate */
let arrivals = new Map();

const server = http.createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (/** @type {string} */ chunk) => (body += chunk));
  request.on('end', () => {
    count(request.url ?? '', body);
    response.writeHead(200, headers).end(answer);
  });
});

/**
 * @param {string} path
 * @param {string} body
 */
function count(path, body) {
  const candidate = path.slice(1, path.indexOf('/', 1));
  const number = body.slice(body.indexOf('#'), body.indexOf(' '));
  const ofCandidate = arrivals.get(candidate) ?? new Map();
  ofCandidate.set(number, (ofCandidate.get(number) ?? 0) + 1);
  arrivals.set(candidate, ofCandidate);
}

/** @param {number} port */
function open(port) {
  return new Promise((resolve) => {
    server.listen({ host: '127.0.0.1', port, backlog }, () => resolve(server.address()));
  });
}

/** Cuts all connections; new ones are refused. */
function close() {
  return new Promise((resolve) => {
    server.close(() => resolve(true));
    server.closeAllConnections();
  });
}

function arrivalCounts() {
  const counts = [...arrivals].map(([candidate, ofCandidate]) => {
    const times = [...ofCandidate.values()];
    const repeated = times.reduce((sum, value) => sum + value - 1, 0);
    return [candidate, { delivered: times.length, repeated }];
  });
  return Object.fromEntries(counts);
}

serveParent(async (/** @type {{ command: string, port: number }} */ { command, port }) => {
  if (command === 'open') return await open(port);
  if (command === 'close') return await close();
  if (command === 'forget') arrivals = new Map();
  return arrivalCounts();
});
