/**
 * The examples are as Poke needs them: with a key, which whoever imports them makes, and updates to poke.com alone. The
 * sandbox has no key, and it calls from this computer and waits for updates there.
 * @template {{ type: string }} T
 * @param {T} node
 * @returns {T}
 */
export function callableBySandbox(node) {
  if (node.type !== 'poke-mcp-server') return node;
  return { ...node, open: true, callbackHosts: 'poke.com, 127.0.0.1' };
}
