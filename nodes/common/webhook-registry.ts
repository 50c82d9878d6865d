import type { NodeAPI } from 'node-red';
import {
  FileWebhookStore,
  MemoryWebhookStore,
  WebhookRegistry,
  WebhooksPutAsideError,
} from '../../src/index.js';
import { pokePath } from './poke-path.js';

/** One for each folder: it must outlive the nodes, which every deploy makes anew. */
const registries = new Map<string, WebhookRegistry>();

/** The webhooks that are known to this Node-RED, kept in its user directory if it has one to write to. */
export function webhookRegistry(RED: NodeAPI): WebhookRegistry {
  const path = pokePath(RED, 'webhooks.json') ?? '';
  const existing = registries.get(path);
  if (existing) return existing;
  const store = path === '' ? new MemoryWebhookStore() : new FileWebhookStore(path);
  const registry = new WebhookRegistry(store, (problem) => {
    RED.log.warn(describe(RED, path, problem));
  });
  registries.set(path, registry);
  return registry;
}

function describe(RED: NodeAPI, path: string, problem: unknown): string {
  if (problem instanceof WebhooksPutAsideError) {
    return RED._('webhooksPutAside', { path, aside: problem.aside });
  }
  return RED._('webhooksNotKept', { path, detail: String(problem) });
}
