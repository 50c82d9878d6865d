const { held } = require('./held.js');
const { Traffic } = require('./traffic.js');

/**
 * Loaded into the Node-RED of the soak: a node that sends numbered messages, one that takes what comes out of ours, and
 * routes that tell what became of the messages and what the process holds. All of it survives deployments.
 */
module.exports = function register(RED) {
  const traffic = new Traffic();

  RED.nodes.registerType('soak-source', function Source(saved) {
    RED.nodes.createNode(this, saved);
    // A message for each way out in turn.
    traffic.send = (n) => {
      const outputs = Array(saved.wires.length).fill(null);
      outputs[n % outputs.length] = { n, payload: { n, text: `message ${n}` } };
      this.send(outputs);
    };
  });

  RED.nodes.registerType('soak-sink', function Sink(saved) {
    RED.nodes.createNode(this, saved);
    this.on('input', (_message, _send, done) => done());
  });

  RED.events.on('flows:stopping', () => traffic.pause());
  RED.events.on('flows:started', () => traffic.resume());
  watchMessages(RED.hooks, traffic);

  const answer = (promise, response, next) => promise.then((value) => response.json(value), next);
  RED.httpAdmin.post('/soak/send', ({ body }, response, next) => {
    answer(traffic.sendMore(body.count), response, next);
  });
  RED.httpAdmin.post('/soak/settle', (_request, response, next) => {
    answer(traffic.settled(), response, next);
  });
  RED.httpAdmin.get('/soak/counts', (_request, response) => {
    response.json(traffic.counts());
  });
  RED.httpAdmin.get('/soak/succeeded', (_request, response) => {
    response.json(traffic.succeeded());
  });
  RED.httpAdmin.get('/soak/held', (_request, response) => {
    response.json(held(RED.events));
  });
};

/** Counts where Node-RED hands messages on. Between two nodes a deployment may lose one, which is not our affair. */
function watchMessages(hooks, traffic) {
  hooks.add('onReceive.soak', ({ msg, destination: { node } }) => {
    if (!hasHandler(node)) return;
    if (isOurs(node)) traffic.cameIn(msg.n);
    else if (node.type === 'complete' || node.type === 'catch') traffic.told(node.type);
  });
  hooks.add('onSend.soak', (sends) => {
    for (const { source } of sends) if (isOurs(source.node)) traffic.cameOut();
  });
  hooks.add('onComplete.soak', ({ msg, node: { node }, error }) => {
    if (isOurs(node)) traffic.done(msg.n, error);
  });
}

function isOurs({ type }) {
  return type === 'poke-send-message' || type === 'poke-fire-webhook';
}

/** Node-RED takes its handler from a node that has closed, and drops what other nodes still send to it. */
function hasHandler({ _inputCallback, _inputCallbacks }) {
  return Boolean(_inputCallback ?? _inputCallbacks);
}
