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
    if (destination.node.type === 'poke-send-message') write('input', msg);
  });
  RED.hooks.add('onComplete.call-recorder', ({ msg, node, error }) => {
    if (node.node.type === 'poke-send-message') write('done', msg, error);
  });
};
