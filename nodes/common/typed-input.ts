import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { InputError } from '../../src/index.js';

/** A typed input as it is saved in a node. */
export interface TypedInput {
  /** What it is for, as error texts call it. */
  readonly name: string;
  readonly value: string;
  /** Node-RED's name of the type: `msg`, `flow`, `str`, `jsonata`, … */
  readonly type: string;
}

/**
 * The value that a typed input has for `message`; `undefined` for a property of something that is not there.
 *
 * @throws {InputError} when it cannot be told: an expression or a JSON text that is wrong.
 */
export async function evaluateTypedInput(
  RED: NodeAPI,
  node: Node,
  { name, value, type }: TypedInput,
  message: NodeMessageInFlow,
): Promise<unknown> {
  try {
    return await new Promise<unknown>((resolve, reject) => {
      RED.util.evaluateNodeProperty(value, type, node, message, (error, result: unknown) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  } catch (error) {
    // Node-RED looks for `b` in `msg.a.b` also when there is no `msg.a`.
    if (type === 'msg' && error instanceof TypeError) return undefined;
    throw new InputError('expressionFailed', { name, detail: messageOf(error) });
  }
}

/** JSONata throws objects that are no Errors. */
function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  return String(error.message);
}
