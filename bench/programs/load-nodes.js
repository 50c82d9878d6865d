/** Loaded into the Node-REDs of the benchmark: `bench-source` sends messages into a flow, `bench-sink` counts what comes out. */
module.exports = async function register(RED) {
  const { registerLoadNodes } = await import('../node-red/register-load-nodes.mjs');
  registerLoadNodes(RED);
};
