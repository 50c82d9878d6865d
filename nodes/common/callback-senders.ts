import type { NodeAPI } from 'node-red';
import {
  type CallbackPolicy,
  CallbackSender,
  type CallbackStore,
  FileCallbackStore,
  HttpCallbackPoster,
  MemoryCallbackStore,
  StorageError,
} from '../../src/index.js';
import { pokePath } from './poke-path.js';

/** Half of what Node-RED gives a node to close. */
const CLOSE_GRACE_MS = 5000;

/** Whose callbacks are being looked after. */
const owners = new Set<string>();

/** Where there is no disk, callbacks outlive a deploy at least. */
const inMemory = new Map<string, MemoryCallbackStore>();

/** The callbacks of one owner. */
export interface OwnCallbacks {
  readonly sender: CallbackSender;
  /** Gives last updates under way some time, unless `graceMs` says otherwise; the others stay in the store. */
  close(graceMs?: number): Promise<void>;
}

/** What a sender is for. */
export interface CallbackSenderSettings {
  /** The id of a node, or another name that is the same after every start. */
  readonly owner: string;
  readonly policy: CallbackPolicy;
  /** Told of updates that did not arrive, and of callbacks that are not kept. */
  readonly onError: (error: Error) => void;
}

/** Looks after the callbacks of an owner, beginning with those that were left when it last ended. */
export function openCallbackSender(RED: NodeAPI, settings: CallbackSenderSettings): OwnCallbacks {
  const { owner, policy, onError } = settings;
  const store = callbackStore(RED, owner, onError);
  const sender = new CallbackSender({ poster: new HttpCallbackPoster({ policy }), store, onError });
  owners.add(owner);
  sender.resume().catch(onError);
  return {
    sender,
    close: async (graceMs = CLOSE_GRACE_MS) => {
      owners.delete(owner);
      await sender.close(graceMs);
    },
  };
}

/** Whether somebody looks after the callbacks of `owner`. */
export function isOwned(owner: string): boolean {
  return owners.has(owner);
}

/** The folder of that owner or, without one, the one that holds them all; `undefined` when there is no disk. */
export function callbacksFolder(RED: NodeAPI, owner?: string): string | undefined {
  return pokePath(RED, 'callbacks', ...(owner === undefined ? [] : [owner]));
}

function callbackStore(
  RED: NodeAPI,
  owner: string,
  onError: (error: Error) => void,
): CallbackStore {
  const folder = callbacksFolder(RED, owner);
  if (folder !== undefined) return new FileCallbackStore(folder);
  if (inMemory.size === 0) onError(new StorageError('callbacksInMemory'));
  const store = inMemory.get(owner) ?? new MemoryCallbackStore();
  inMemory.set(owner, store);
  return store;
}
