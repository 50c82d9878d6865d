/** Why a config node cannot serve: none is chosen, it is not there any more, or something in it is wrong. */
export type ConfigNodeProblem = 'none' | 'gone' | 'faulty';

/** What is wrong with the choice of a config node; the editor has `_ADD_` for none. */
export function configNodeProblem(id: string): ConfigNodeProblem | undefined {
  if (!isChosen(id)) return 'none';
  const node = RED.nodes.node(id);
  if (!node) return 'gone';
  return 'valid' in node && node.valid === false ? 'faulty' : undefined;
}

/** True for the id of a config node, also of one that is gone. */
export function isChosen(id: string): boolean {
  return id !== '' && id !== '_ADD_';
}
