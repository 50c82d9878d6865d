import type { FlowNode } from '../support/admin-api.js';
import type { EditorLook } from '../support/browser.js';
import { accountNode, ids } from '../support/flows.js';
import type { FlowCredentials } from '../support/node-red.js';
import type { PokeEditor } from './poke-editor.js';
import type { EditorUse } from './use-editor.js';

/** What the account of `showNodes` is called. */
const ACCOUNT_NAME = 'Home';

/** Places on the canvas that do not overlap. */
export const places = [
  { x: 160, y: 80 },
  { x: 160, y: 160 },
  { x: 460, y: 80 },
  { x: 460, y: 160 },
] as const;

interface ShowOptions {
  /** What differs from the account of every test. */
  readonly account?: Readonly<Record<string, unknown>>;
  readonly credentials?: FlowCredentials;
  readonly look?: EditorLook;
}

/** Deploys nodes beside an account that reaches the sandbox, and opens the editor with them. */
export async function showNodes(
  use: EditorUse,
  nodes: readonly FlowNode[],
  { account, credentials, look }: ShowOptions = {},
): Promise<PokeEditor> {
  const { nodeRed, sandbox } = use.runtime;
  const { apiKey, baseUrl } = sandbox;
  const tab = { id: ids.tab, type: 'tab', label: 'House' };
  await nodeRed.deploy([tab, accountNode({ name: ACCOUNT_NAME, baseUrl, ...account }), ...nodes], {
    [ids.account]: { apiKey },
    ...credentials,
  });
  return use.open(look);
}
