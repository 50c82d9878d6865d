import { LoadSource } from './load-source.mjs';

/** @typedef {import('node-red').NodeDef & { candidate: string, payload: 'text' | 'body' }} SourceDef */
/** @typedef {import('node-red').NodeDef & { candidate: string }} SinkDef */

/**
 * Registers the two nodes, and the admin routes that start them: `POST bench/rounds` answers with what a round took,
 * `POST bench/streams` when the last message has gone into the flow.
 * @param {import('node-red').NodeAPI} RED
 */
export function registerLoadNodes(RED) {
  /** @type {Map<string, LoadSource>} */
  const sources = new Map();
  /** @param {unknown} candidate */
  const sourceOf = (candidate) => {
    const source = sources.get(String(candidate));
    if (!source) throw new Error(`There is no bench-source for ${String(candidate)}.`);
    return source;
  };

  RED.nodes.registerType('bench-source', function (/** @type {SourceDef} */ saved) {
    RED.nodes.createNode(this, saved);
    const send = (/** @type {import('node-red').NodeMessage} */ message) => this.send(message);
    sources.set(saved.candidate, new LoadSource(saved.payload, send));
  });

  RED.nodes.registerType('bench-sink', function (/** @type {SinkDef} */ saved) {
    RED.nodes.createNode(this, saved);
    this.on('input', (message, _send, done) => {
      sourceOf(saved.candidate).cameOut(message);
      done();
    });
  });

  RED.httpAdmin.post('/bench/rounds', (request, response, next) => {
    const { candidate, count, inFlight } = request.body;
    Promise.resolve()
      .then(() => sourceOf(candidate).runRound(count, inFlight))
      .then((result) => response.json(result), next);
  });
  RED.httpAdmin.post('/bench/streams', (request, response, next) => {
    const { candidate, count, perSecond } = request.body;
    Promise.resolve()
      .then(() => sourceOf(candidate).stream(count, perSecond))
      .then(() => response.json({}), next);
  });
}
