import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { type CallbackPolicy, FileCallbackStore } from '../../src/index.js';
import { isLoopbackHost } from '../../src/shared/urls.js';
import {
  callbacksFolder,
  isOwned,
  type OwnCallbacks,
  openCallbackSender,
} from '../common/callback-senders.js';
import { onFlows } from '../common/on-flows.js';
import { nameOfFile } from '../common/poke-path.js';
import { warnOnce } from '../common/warn-once.js';

/**
 * Sees to it that agents hear the end of their calls even when the server that they called was removed or
 * disabled before Poke could be told: while flows run, what nobody owns is sent from here.
 */
export function sendLeftoverCallbacks(RED: NodeAPI): void {
  let leftovers = new Set<OwnCallbacks>();
  const warn = warnOnce(RED, (text) => {
    RED.log.warn(text);
  });
  onFlows(RED, 'flows:started', () => {
    const current = leftovers;
    openAll(RED, current, () => current !== leftovers, warn).catch(warn);
  });
  onFlows(RED, 'flows:stopping', () => {
    for (const leftover of leftovers) leftover.close(0).catch(warn);
    leftovers = new Set();
  });
}

async function openAll(
  RED: NodeAPI,
  leftovers: Set<OwnCallbacks>,
  isOver: () => boolean,
  onError: (error: Error) => void,
): Promise<void> {
  const parent = callbacksFolder(RED);
  if (parent === undefined) return;
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const owner = nameOfFile(name);
    if (owner === undefined || isOwned(owner)) continue;
    const folder = join(parent, name);
    const urls = (await new FileCallbackStore(folder).load()).map(({ url }) => url);
    if (isOver()) return;
    if (isOwned(owner)) continue;
    if (urls.length === 0) await rm(folder, { recursive: true, force: true });
    else leftovers.add(openCallbackSender(RED, { owner, policy: policyFor(urls), onError }));
  }
}

/** Where each may go was settled when it was opened. */
function policyFor(urls: readonly string[]): CallbackPolicy {
  const hosts = urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).hostname] : []));
  return { hosts, allowLoopback: hosts.some(isLoopbackHost) };
}
