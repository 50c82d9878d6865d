/**
 * The node of that id as the editor holds it. The server's id of a node inside a subflow begins with that of the
 * subflow's place in a flow (source: Node-RED's runtime/lib/flows/Subflow.js); then it is that place.
 */
export function nodeInEditor(id: string): object | undefined {
  const [place = ''] = id.split('-');
  return RED.nodes.node(id) ?? RED.nodes.node(place) ?? undefined;
}

/** What the editor calls a node. */
export function labelOf(node: object | undefined, otherwise: string): string {
  return node ? RED.utils.getNodeLabel(node, otherwise) : otherwise;
}

/** Brings a node into view, and lets it flash. */
export function revealNode(id: string): void {
  const node = nodeInEditor(id);
  if (node && 'id' in node && typeof node.id === 'string') RED.view.reveal(node.id);
}
