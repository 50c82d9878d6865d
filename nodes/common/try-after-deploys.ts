import type { Node, NodeAPI } from 'node-red';

/**
 * Takes `step` now, and again after every deploy until it has once returned true, or `node` is closed: another
 * node may have been in the way, and a deploy that takes that away does not make this one anew.
 */
export function tryAfterDeploys(RED: NodeAPI, node: Node, step: () => boolean): void {
  if (step()) return;
  const again = () => {
    if (step()) stop();
  };
  const stop = () => {
    RED.events.off('flows:started', again);
  };
  RED.events.on('flows:started', again);
  node.on('close', stop);
}
