/**
 * Loaded into a Node-RED of the tests: writes into the log when a send-message node is given a message, and when it
 * calls `done` for it. A flow cannot see that of a node that has been stopped.
 */
module.exports = function register(RED) {
  const counts = { input: 0, done: 0 };
  const write = (call, { _msgid: id }, error) => {
    counts[call] += 1;
    RED.log.info(`${call} ${counts[call]}: ${JSON.stringify({ call, id, code: error?.code })}`);
  };
  RED.hooks.add('onReceive.call-recorder', ({ msg, destination }) => {
    const { node } = destination;
    if (node.type === 'poke-send-message' && hasHandler(node)) write('input', msg);
  });
  RED.hooks.add('onComplete.call-recorder', ({ msg, node, error }) => {
    if (node.node.type === 'poke-send-message') write('done', msg, error);
  });
};

/**
 * Node-RED takes its handler from a node that has closed, and drops what other nodes, which close a moment later, still
 * send to it. It keeps the handler in a field, so that `listenerCount` does not know of it.
 */
function hasHandler({ _inputCallback, _inputCallbacks }) {
  return Boolean(_inputCallback ?? _inputCallbacks);
}
