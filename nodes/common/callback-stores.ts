import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { type CallbackStore, FileCallbackStore, MemoryCallbackStore } from '../../src/index.js';

/** Where there is no disk, callbacks outlive a deploy at least. */
const inMemory = new Map<string, MemoryCallbackStore>();

/** Where the callbacks of the node of that id are kept: under the user directory, if it may be written to. */
export function callbackStore(RED: NodeAPI, nodeId: string): CallbackStore {
  const { userDir, readOnly } = settingsOf(RED);
  if (typeof userDir === 'string' && readOnly !== true) {
    return new FileCallbackStore(join(userDir, 'poke', 'callbacks', nodeId));
  }
  const store = inMemory.get(nodeId) ?? new MemoryCallbackStore();
  inMemory.set(nodeId, store);
  return store;
}

function settingsOf(RED: NodeAPI): { userDir?: unknown; readOnly?: unknown } {
  return RED.settings;
}
