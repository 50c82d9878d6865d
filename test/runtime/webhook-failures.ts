import { expect } from 'vitest';
import type { Message, PokeRuntime } from './poke-runtime.js';
import { webhookIds } from './webhook-flows.js';
import { anyText } from './webhook-matchers.js';

/** What the catch node and the status of a node say of a message that failed. */
export interface WebhookFailure {
  /** @default ERR_POKE_INPUT */
  readonly code?: string;
  /** The whole text. */
  readonly message: string;
  /** The text of the node's status. */
  readonly status: string;
  /** Fill and shape of the status. @default a red dot */
  readonly look?: readonly [fill: string, shape: string];
  /** `msg.poke` beside the id. @default nothing was tried */
  readonly facts?: object;
}

/** Where it fails, and with what in `msg.payload`. */
export interface FailedAt {
  /** @default fire */
  readonly node?: 'create' | 'fire';
  readonly payload?: unknown;
}

/** Expects that one message is caught so, with the payload that it had, and that the node is shown so. */
export async function expectFailure(
  runtime: PokeRuntime,
  failure: WebhookFailure,
  { node = 'fire', payload }: FailedAt,
): Promise<Message> {
  const { code = 'ERR_POKE_INPUT', message, status, look = ['red', 'dot'] } = failure;
  const caught = await runtime.next('caught');
  const id = webhookIds[node];
  const type = `poke-${node}-webhook`;
  expect(caught['error']).toMatchObject({ message, source: { id, type, count: 1 }, code });
  expect(caught['payload']).toStrictEqual(payload);
  const facts = failure.facts ?? { attempts: 0 };
  expect(caught['poke']).toStrictEqual({ deliveryId: anyText, ...facts, code });
  await expectStatus(runtime, failure, node);
  expect(runtime.nodeRed.statuses(id).at(-1)).toStrictEqual({
    fill: look[0],
    shape: look[1],
    text: status,
  });
  return caught;
}

/** Expects that the node is shown so, whether or not a message came yet. */
export async function expectStatus(
  { nodeRed }: PokeRuntime,
  { status }: WebhookFailure,
  node: 'create' | 'fire' = 'fire',
): Promise<void> {
  await nodeRed.waitForStatus(webhookIds[node], status);
}
