import type { NodeAPI } from 'node-red';
import { readAccountDialog } from './account-dialog.js';
import type { AccountDialog } from './definition.js';
import { reportKeySource } from './key-source.js';
import { sendTestMessage } from './test-message.js';

type Handler = ReturnType<NodeAPI['auth']['needsPermission']>;
type Request = Parameters<Handler>[0];
type Response = Parameters<Handler>[1];

/** Registers what the account's dialog asks the server; both need the permission to change flows. */
export function registerAdminRoutes(RED: NodeAPI): void {
  const route = (
    path: string,
    answer: (RED: NodeAPI, dialog: AccountDialog) => Promise<object>,
  ) => {
    RED.httpAdmin.post(
      `/poke/account/${path}`,
      RED.auth.needsPermission('poke.write'),
      (request, response) => {
        respond(request, response, (dialog) => answer(RED, dialog)).catch((error: unknown) => {
          RED.log.error(`poke-account: ${String(error)}`);
          response.sendStatus(500);
        });
      },
    );
  };
  route('key-source', reportKeySource);
  route('test-message', sendTestMessage);
}

async function respond(
  request: Request,
  response: Response,
  answer: (dialog: AccountDialog) => Promise<object>,
): Promise<void> {
  // A form of another site can post anything but JSON.
  if (!request.is('json')) {
    response.sendStatus(415);
    return;
  }
  const dialog = readAccountDialog(request.body);
  if (!dialog) response.sendStatus(400);
  else response.json(await answer(dialog));
}
