import { type AccountWebhooks, type Outbox, systemClock, withinGrace } from '../../src/index.js';
import type { AccountNode } from './account.js';

/** Half of what Node-RED gives a node to close: the flow nodes that wait for it need the rest. */
const CLOSE_GRACE_MS = 5000;

/** Resolves when nothing of the account is under way any more. */
export async function closeAccount({ direct, queue, webhooks }: AccountNode): Promise<void> {
  await Promise.all([closeDirect(direct, webhooks), queue?.close(CLOSE_GRACE_MS)]);
}

/** The answer to a create that is under way is the only trace of the trigger, so it is waited for first. */
async function closeDirect(direct: Outbox, webhooks: AccountWebhooks): Promise<void> {
  let graceMs = CLOSE_GRACE_MS;
  if (webhooks.isCreating) {
    const startMs = Date.now();
    await withinGrace(graceMs, webhooks.settled(), systemClock);
    graceMs = Math.max(0, startMs + graceMs - Date.now());
  }
  await direct.close(graceMs);
}
