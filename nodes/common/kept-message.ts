import type { NodeMessageInFlow } from 'node-red';
import { isPlainObject, jsonMembers, parseJson } from '../../src/index.js';

/** These are not data: they belong to a request that ends with the process. */
const NOT_KEPT = new Set(['req', 'res']);

/** The JSON text of what can be kept of a message. */
export function textOfMessage(message: NodeMessageInFlow): string {
  return jsonMembers(message, NOT_KEPT);
}

/** The message that such a text was made of, as far as JSON holds it. */
export function messageOfText(text: string): NodeMessageInFlow {
  const kept = parseJson(text);
  return Object.assign({ _msgid: '' }, isPlainObject(kept) ? kept : {});
}
