/**
 * The English text of every error, by reason. `__name__` marks a value (Node-RED's own notation, so that
 * the same texts serve as the en-US message catalogue). Each says what happened, to what, and what to do.
 */
export const ERROR_TEXTS = {
  keyRefused:
    'Poke refused the API key (401). Use a V2 key from poke.com/kitchen/api-keys; a pk_ key from Settings → Advanced does not work here.',
  tokenRefused:
    'Poke refused the webhook token (401). The trigger was deleted, or the token is not its own. Create the webhook again; if a create-webhook node made it, let that node forget it first.',
  keyForbidden:
    'The API key may not do this (403). Check its permissions at poke.com/kitchen/api-keys, or make a new V2 key there.',
  tokenForbidden:
    'The webhook token may not do this (403). The trigger was deleted, or the token is not its own. Create the webhook again; if a create-webhook node made it, let that node forget it first.',
  rateLimited: 'Poke asks to slow down (429). Send fewer messages, or try again later.',
  rateLimitedWait: 'Poke asks to slow down (429). Try again in __seconds__ s.',
  answered: 'Poke answered with an error (__status__): __detail__',
  answeredWithoutText:
    'Poke answered with an error (__status__) and gave no reason. Try again later.',
  redirected:
    'The address answered with a redirect (__status__), and redirects are never followed. Check the base URL.',
  rejected: 'Poke did not accept it: __detail__',
  rejectedWithoutText: 'Poke did not accept it and gave no reason.',
  webhookAnswerUnreadable:
    'Poke may have created the webhook, but its answer could not be read, so its URL and token are not known. Create it again.',
  hostNotFound:
    'The address __host__ was not found. Check the internet connection and the base URL.',
  connectionRefused:
    '__host__ refused the connection. Check that the base URL is right and that the server runs.',
  connectionUntrusted:
    'No secure connection to __host__ (__detail__). Check the TLS settings and the clock of this computer.',
  connectionReset:
    'The connection to __host__ broke (__detail__). Poke may have received it or not.',
  connectionFailed: 'No connection to __host__ (__detail__). Check the network.',
  proxyFailed: 'The proxy did not connect to __host__ (__detail__). Check the proxy settings.',
  stopped: 'Stopped before Poke answered, because the flow was stopped or deployed again.',
  noAnswer:
    'No answer from __host__ within __seconds__ s. Check the network, or allow more time in the account.',
  messageMissing:
    'There is no message to send: the value is __type__. Set it to text, a number, true or false, or an object.',
  messageBlank: 'The message is empty. Poke needs some text.',
  messageUnsupported:
    'A value of type __type__ cannot be sent as a message. Turn it into text first.',
  notJson: 'The value cannot be turned into JSON: __detail__.',
  noJsonForm: 'The value cannot be turned into JSON: it is __type__.',
  contextNotObject: 'The context must be an object, but it is __type__.',
  dataMissing:
    'There is no data to send: the value is __type__. Set it to an object, text, a number, true or false, or a list.',
  dataUnsupported:
    'A value of type __type__ cannot be sent to a webhook. Turn it into text or an object first.',
  dataNotObject: 'The data of a webhook must be an object, but it is __type__.',
  bodyTooLarge:
    'The message is too large: __megabytes__ MB, and at most __limitMegabytes__ MB are sent. Send less.',
  conditionMissing: 'The condition of a webhook must be some text, but it is __type__.',
  conditionBlank: 'The condition of a webhook must be some text, but it is blank.',
  actionMissing: 'The action of a webhook must be some text, but it is __type__.',
  actionBlank: 'The action of a webhook must be some text, but it is blank.',
  webhookUrlNotUrl: 'The webhook URL is not an http(s) address. Use the one that Poke gave.',
  webhookUrlElsewhere:
    'The webhook URL belongs to another server (__origin__) than the account (__expectedOrigin__), so the token was not sent. Use the URL that Poke gave with this token.',
  webhookMissing:
    'The webhook that this node fires was deleted, or is disabled. Open the node and choose another.',
  webhookNotCreated:
    'The webhook has not been created yet. Open it, press "Create on Poke", and deploy.',
  webhookAccountMissing:
    'The webhook that this node fires has no Poke account, or it is disabled. Open the webhook, choose an account, and deploy.',
  webhookTokenMissing:
    'The webhook has no token: exported flows do not carry one. Open it, press "Create on Poke" or paste the token, and deploy.',
  webhookTokenOfAnother:
    'The webhook token is that of another trigger than the trigger id says, so nothing was sent. Use the id, the URL and the token that Poke gave together.',
  webhookUrlOfAnother:
    'The webhook URL is not the one that Poke gave with this token, so nothing was sent. Use the URL and token that Poke gave together.',
  sourceNotObject:
    'There is no webhook in the message: the value is __type__. Put a create-webhook node before this one, or choose a saved webhook.',
  sourceIncomplete:
    'The webhook in the message is incomplete: it needs webhookUrl and webhookToken, or the triggerId of one that a create-webhook node made.',
  triggerUnknown:
    'The trigger of that id was not created with this account on this Node-RED, or was forgotten, so its token is not known. Pass webhookUrl and webhookToken too, or create the webhook again.',
  commandUnknown:
    'This node does not know the command "__command__" in msg.poke.command. It knows: __known__.',
  proxyMissing:
    'The proxy settings that the account names are deleted, disabled or not deployed. Choose others in the account, or deploy them.',
  tlsMissing:
    'The TLS settings that the account names are deleted, disabled or not deployed. Choose others in the account, or deploy them.',
  webhookTokenUnusable:
    'The webhook token is missing or has characters that a token cannot have. Create the webhook again.',
  baseUrlNotUrl:
    'The base URL is not an http(s) address. Correct it in the account, or in the environment variable POKE_API.',
  baseUrlNotSecure: 'The base URL is not secure: only https is allowed, or http on this computer.',
  baseUrlHasUser: 'The base URL must not hold a user name or password.',
  baseUrlHasQuery: 'The base URL must not hold a "?" or "#" part.',
  timeoutUnusable: 'The timeout is not a number of seconds between 0 and __max__.',
  keyVariableMissing:
    'The environment variable __name__ is not set where Node-RED runs, and the API key needs it.',
  baseUrlVariableMissing:
    'The environment variable __name__ is not set where Node-RED runs, and the base URL of the account needs it.',
  timeoutVariableMissing:
    'The environment variable __name__ is not set where Node-RED runs, and the timeout of the account needs it.',
  proxyUnusable: 'The proxy URL is not an http(s) address. Check the proxy settings.',
  tlsUnusable: 'The TLS settings cannot be used: __detail__. Check the certificates.',
  tlsNodeFaulty:
    'The TLS settings cannot be used: the TLS node has an error. Check the certificates.',
  expressionFailed: 'The value for __name__ could not be read: __detail__',
  outputUnusable: 'The webhook cannot be put into msg.__output__: __detail__',
  outputBlocked: 'The webhook cannot be put into msg.__output__: a part of it is no object.',
  accountMissing:
    'No Poke account is chosen, or it is disabled. Open the node, choose an account, and deploy.',
  keyMissing:
    'No API key. Enter one in the account, or set POKE_API_KEY where Node-RED runs, or run "npx poke login" there. Keys: poke.com/kitchen/api-keys',
  keyUnusable:
    'The API key has a space, a line break or another character that a key cannot have. Copy it again from poke.com/kitchen/api-keys.',
  loginFileUnreadable:
    'The file with the login (__file__) cannot be read: __detail__. Log in again with "npx poke login", or enter an API key.',
  expired:
    'Given up after __hours__ h: it could not be sent in that time. It is kept with the dead deliveries, from where it can be replayed.',
  expiredAfter:
    'Given up after __hours__ h: it could not be sent in that time, at last because of this: __error__ It is kept with the dead deliveries, from where it can be replayed.',
  queueFull:
    'Not accepted: __count__ deliveries are waiting already. Find out what they wait for, or allow more in the account.',
  superseded: 'A newer message with the same topic took the place of this one.',
  discarded: 'The delivery was discarded by hand.',
  storageInUse:
    'Another Node-RED uses the same folder (__folder__). Give each its own user directory, or stop the other one.',
  storageFailed:
    'The deliveries in __folder__ could not be read or written (__detail__). Check the free space and the permissions there, and send again what was refused meanwhile.',
  storageUnreadable:
    'The delivery cannot be read from disk any more: its file was removed or is damaged. Send the message again.',
  storageNewer:
    'The deliveries in __folder__ were written by a newer version of this package. Install that version again: what waits there is sent then.',
  storageClosed:
    'The deliveries in __folder__ are not being kept any more, because the flow was stopped. Send the message again.',
  webhookGone:
    'The saved webhook is not there any more, or has no URL or token. Open the node, choose a webhook or create it again, and deploy.',
  expiryUnusable: 'The expiry "__value__" must be a number of hours from 0.',
  maxQueuedUnusable:
    'The greatest number of waiting deliveries "__value__" must be a whole number from 1.',
  concurrencyUnusable:
    'The number of deliveries at a time "__value__" must be a whole number from 1 to __max__.',
  rateLimitUnusable: 'The rate limit "__value__" must be blank or a whole number from 1.',
  queueNotOpen: 'The deliveries of the account cannot be looked at yet. Try again in a moment.',
  unexpected: 'Something went wrong that should not: __detail__. Please report it.',
  callbackUrlUnusable:
    'The callback address of the call is not an http(s) address, so the agent gets no updates on it.',
  callbackHostNotAllowed:
    'The callback address of the call is on __host__, which is not allowed for callbacks, so nothing was sent there. Add it to the callbacks of the MCP server if it is yours.',
  callbackNotSecure:
    'The callback address of the call on __host__ is not https, so nothing was sent there.',
  callbackAddressNotPublic:
    'The callback host __host__ is not on the public internet, so nothing was sent there.',
  callbackRefused:
    'The agent did not take the update (__status__). It may have stopped waiting for this call.',
  callbackNotKept:
    'A call that an agent waits for could not be kept on disk (__detail__): should Node-RED stop before it ends, the agent hears nothing more. Check the free space and the permissions of __folder__.',
  callbacksInMemory:
    'Node-RED has no user directory, so calls that agents wait for are kept in memory only: should it stop before they end, the agents hear nothing more.',
  toolNameUnusable:
    'The tool name "__name__" cannot be used. Use 1 to 64 letters, digits, "_" and "-".',
  toolNameTaken:
    'Another tool of this MCP server is already called "__name__", so this one is not offered. Give it another name.',
  toolDescriptionMissing:
    'The tool "__name__" has no description. Say what it does and when to use it: the agent decides by that.',
  schemaNotJson: 'The JSON Schema of the tool "__name__" is not JSON.',
  schemaNotObject: 'The JSON Schema of the tool "__name__" must have "type": "object".',
  paramNameMissing: 'A parameter of the tool has no name.',
  paramNameTaken: 'The tool has two parameters called "__name__".',
  paramTypeUnknown: 'The parameter "__name__" of the tool has an unknown type.',
  paramOptionUnfit: 'An option of the parameter "__name__" does not fit its type.',
  answerTimeUnusable:
    'In "Answer in", "__value__" is not a number of seconds above 0 and up to __max__.',
  finishTimeUnusable:
    'In "Finish in", "__value__" is not a number of seconds above 0 and up to __max__.',
  serverMissing:
    'No MCP server is chosen, or it is disabled. Open the node, choose a server, and deploy.',
  serverPathUnusable:
    'The path "__path__" of the MCP server cannot be used. Use one like /poke/mcp.',
  serverPathTaken: 'Another MCP server already has the path "__path__". Give this one another.',
  httpNodeOff:
    'Node-RED serves no pages of flows here (httpNodeRoot is false in its settings), so no agent can call.',
  httpNodeLogin:
    'Node-RED asks everybody for the login of httpNodeAuth in its settings. Poke cannot send that beside the access key, so it cannot call.',
  accessKeyMissing:
    'The MCP server has no access key, so nobody can call it. Open it, generate a key, and deploy.',
  accessKeyUnusable:
    'The access key has a space, a line break or another character that a key cannot have. Generate a new one.',
  accessKeyVariableMissing:
    'The access key of the MCP server is to come from the environment variable __name__, which is not set where Node-RED runs.',
  callerPassedOn:
    'A call was refused: a proxy or a tunnel passed it on, and the MCP server asks for no key. Give the server an access key, and put the key into the address that the tunnel is given, as the dialog of the server shows it.',
  callUnknown:
    'This message belongs to no open call of the agent: it has been answered, or took too long, or the message lost both msg.poke and msg._msgid.',
  replyUnsupported:
    'A value of type __type__ cannot be sent to the agent. Turn it into text or an object first.',
  schemaUnusable: 'The JSON Schema of the tool "__name__" cannot be used: __detail__',
} as const;

/** Names one error text, and with it one cause that a user can do something about. */
export type ErrorReason = keyof typeof ERROR_TEXTS;

/** What stands in for the `__name__` marks of a text. Never a secret. */
export type ErrorValues = Readonly<Record<string, string | number>>;

/** The English text of `reason` with `values` filled in. */
export function errorText(reason: ErrorReason, values: ErrorValues = {}): string {
  return ERROR_TEXTS[reason].replace(/__(\w+?)__/g, (mark, name: string) =>
    String(values[name] ?? mark),
  );
}
