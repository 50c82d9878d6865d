import type { Node, NodeAPI } from 'node-red';
import { PokeError } from '../../src/index.js';
import { onFlows } from './on-flows.js';

/**
 * Takes `step` now, and again after every deploy until it has once succeeded, or `node` is closed: another node
 * may have been in the way, and a deploy that takes that away does not make this one anew.
 *
 * @param onProblem - told of the `PokeError` that `step` throws, each time.
 */
export function tryAfterDeploys(
  RED: NodeAPI,
  node: Node,
  step: () => void,
  onProblem: (error: PokeError) => void,
): void {
  const again = () => {
    try {
      step();
      stop();
    } catch (error) {
      if (!(error instanceof PokeError)) throw error;
      onProblem(error);
    }
  };
  const stop = onFlows(RED, 'flows:started', again);
  node.on('close', stop);
  again();
}
