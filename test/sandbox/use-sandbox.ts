import { afterEach, beforeEach } from 'vitest';
import { isRecord } from '../../sandbox/is-record.js';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import { type Answer, postJson } from './http-client.js';

export interface Trigger {
  readonly triggerId: string;
  readonly webhookUrl: string;
  readonly webhookToken: string;
}

export interface SandboxUse {
  /** The sandbox of the running test. */
  readonly sandbox: Sandbox;
  sendMessage(body: unknown, key?: string): Promise<Answer>;
  createTrigger(condition?: string, action?: string): Promise<Trigger>;
}

/** Gives every test a sandbox of its own. */
export function useSandbox(): SandboxUse {
  let sandbox: Sandbox | undefined;
  const running = (): Sandbox => {
    if (sandbox === undefined) {
      throw new Error('The sandbox only runs within a test.');
    }
    return sandbox;
  };
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await running().close();
  });
  return {
    get sandbox() {
      return running();
    },
    sendMessage: (body, key = running().apiKey) =>
      postJson(`${running().baseUrl}/inbound/api-message`, key, body),
    createTrigger: async (condition = 'When it leaks', action = 'Text me') => {
      const { apiKey, baseUrl } = running();
      const answer = await postJson(`${baseUrl}/api-keys/webhook`, apiKey, { condition, action });
      return parseTrigger(answer.text);
    },
  };
}

/** Reads Poke's answer to the creation of a trigger. */
export function parseTrigger(text: string): Trigger {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) {
    throw new Error(`The sandbox created no trigger: ${text}`);
  }
  const { triggerId, webhookUrl, webhookToken } = value;
  return {
    triggerId: String(triggerId),
    webhookUrl: String(webhookUrl),
    webhookToken: String(webhookToken),
  };
}
