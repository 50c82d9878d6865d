// A server that answers every request at once, as Poke answers a message.
import { once } from 'node:events';
import http from 'node:http';
import { serveParent } from '../serve-parent.mjs';

const answer = Buffer.from('{"success":true,"message":"Message queued"}');
const headers = { 'Content-Type': 'application/json', 'Content-Length': answer.length };

const server = http.createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(200, headers).end(answer));
});
// Between two of its turns a client's connections are idle.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
serveParent(() => ({ port: typeof address === 'object' ? address?.port : undefined }));
