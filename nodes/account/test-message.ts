import type { NodeAPI } from 'node-red';
import type { AccountDialog, TestReport } from './definition.js';
import { onPoke } from './dialog-client.js';

/** Sends the agent a text with the settings that the dialog holds, deployed or not. */
export function sendTestMessage(RED: NodeAPI, dialog: AccountDialog): Promise<TestReport> {
  return onPoke(RED, dialog, async (poke) => {
    await poke.sendMessage(RED._('testMessage'));
    return { result: 'sent' } as const;
  });
}
