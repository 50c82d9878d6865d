import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EntryKind, ReceivedEntry } from '../../sandbox/received-entry.js';
import type { Sandbox } from '../../sandbox/server.js';
import { isRecord } from '../support/is-record.js';
import type { DeploymentType, NodeRed } from '../support/node-red.js';
import { BUTTON, type Message, type PokeRuntime } from './poke-runtime.js';
import {
  secretsOf,
  texts,
  type WebhookFlowParts,
  webhookFlow,
  webhookIds,
} from './webhook-flows.js';

const PATIENCE_MS = 20_000;

/** Every request for a new webhook, those that failed too. */
export function creations(sandbox: Sandbox): ReceivedEntry[] {
  return entriesOf(sandbox, 'trigger');
}

/** Every event that was fired, those that were refused too. */
export function firings(sandbox: Sandbox): ReceivedEntry[] {
  return entriesOf(sandbox, 'event');
}

/** Resolves when that many events were fired in all; rejects when that takes too long. */
export async function fired(sandbox: Sandbox, count: number): Promise<void> {
  const enough = sandbox.waitFor(() => firings(sandbox).length >= count);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Only ${firings(sandbox).length} of ${count} events were fired.`));
    }, PATIENCE_MS);
  });
  await Promise.race([enough, tooLong]).finally(() => {
    clearTimeout(timer);
  });
}

/** Deploys a `webhookFlow` whose account reaches the sandbox. */
export async function deployWebhooks(
  { nodeRed, sandbox }: Pick<PokeRuntime, 'nodeRed' | 'sandbox'>,
  { account, ...parts }: WebhookFlowParts = {},
  type: DeploymentType = 'full',
): Promise<void> {
  const flow = webhookFlow({ ...parts, account: { baseUrl: sandbox.baseUrl, ...account } });
  await nodeRed.deploy(flow, secretsOf(sandbox.apiKey), type);
}

/** Presses the button, which then sends these properties. */
export async function press(nodeRed: NodeRed, message: Message = {}): Promise<void> {
  const properties = Object.entries(message).map(([p, value]) => ({
    p,
    v: JSON.stringify(value),
    vt: 'json',
  }));
  const body = { __user_inject_props__: properties };
  const response = await nodeRed.post(`/inject/${BUTTON}`, body);
  if (!response.ok) throw new Error(`The inject node answers ${response.status}.`);
}

/** The oldest message that the create-webhook node has sent and that was not asked for before. */
export async function nextCreated(nodeRed: NodeRed): Promise<Message> {
  const { value } = await nodeRed.waitForDebug(webhookIds.created);
  if (isRecord(value)) return value;
  throw new Error(`The create-webhook node has sent ${JSON.stringify(value)}.`);
}

/** Where the webhooks that were created are kept. */
export function webhooksFile(userDir: string): string {
  return path.join(userDir, 'poke', 'webhooks.json');
}

/** What is kept there now. Rejects unless it is a whole list. */
export async function keptWebhooks(userDir: string): Promise<Message[]> {
  const kept: unknown = JSON.parse(await readFile(webhooksFile(userDir), 'utf8'));
  if (Array.isArray(kept) && kept.every(isRecord)) return kept;
  throw new Error(`It holds ${JSON.stringify(kept)}.`);
}

function entriesOf({ received }: Sandbox, kind: EntryKind): ReceivedEntry[] {
  return received.filter((entry) => entry.kind === kind);
}

/** Makes a webhook without Node-RED, which therefore knows nothing of it. */
export async function foreignWebhook({ baseUrl, apiKey }: Sandbox): Promise<BroughtWebhook> {
  const response = await fetch(`${baseUrl}/api-keys/webhook`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(texts),
  });
  return broughtWebhook(await response.json());
}

/** A webhook as Poke gives it, and as messages bring it. */
export interface BroughtWebhook {
  readonly triggerId: string;
  readonly webhookUrl: string;
  readonly webhookToken: string;
}

/** Reads one. */
export function broughtWebhook(value: unknown): BroughtWebhook {
  const { triggerId, webhookUrl, webhookToken } = isRecord(value) ? value : {};
  return {
    triggerId: String(triggerId),
    webhookUrl: String(webhookUrl),
    webhookToken: String(webhookToken),
  };
}
