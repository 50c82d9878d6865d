import type { Node, NodeAPI } from 'node-red';

/** The deployed node of that id, or `undefined` when there is none or it is disabled. */
export function findNode(RED: NodeAPI, id: string): Node | undefined {
  // The published types do not say that Node-RED answers undefined or null for a node it does not have.
  const node: Node | null | undefined = id === '' ? undefined : RED.nodes.getNode(id);
  return node ?? undefined;
}
