import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ids, sendMessageNode } from '../support/flows.js';
import { type Behaviour, json } from '../support/scripted-answers.js';
import { useDeliveries } from './use-deliveries.js';
import { keyOf } from './use-poke-nodes.js';
import { useServer } from './use-server.js';
import { useWebhookNodes } from './use-webhook-nodes.js';
import { fireNode, savedWebhookNode } from './webhook-flow.js';

const deliveries = useDeliveries(() => nodes);
const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();

/** Both have characters that JSON, a URL or HTML write in another way. */
const key = 'planted/key+9f3c"71\\d2==';
const token = "planted.token'5d20/<b>&c~+=%";

const triggerId = 'trigger';

/** Deploys nodes that send to the other server: to a saved webhook, to one that the message brings, and to the agent. */
async function deploy(): Promise<object> {
  const { origin } = other.server;
  const webhookUrl = `${origin}/hook`;
  const senders = [
    savedWebhookNode({ triggerId, webhookUrl }),
    fireNode({ id: 'fire-saved', webhook: 'saved', delivery: 'durable' }),
    fireNode({ delivery: 'durable' }),
    sendMessageNode({ delivery: 'durable' }),
  ];
  await poke.deploy([poke.account({ baseUrl: origin }), ...senders], {
    ...deliveries.options,
    credentials: { ...keyOf(key), saved: { webhookToken: token } },
  });
  await deliveries.until(({ state }) => state !== 'closed');
  return { triggerId, webhookUrl, webhookToken: token };
}

/** Answers with what the request was signed with. */
function echoOfSecret(status: number): Behaviour {
  return {
    when: 'bodyCame',
    act: (exchange) => {
      const error = `not with ${exchange.headers.authorization ?? ''}`;
      return json(status, { success: false, error, message: error }).act(exchange);
    },
  };
}

/** Everything that an editor gets of the deliveries, and what each of them says. */
async function everyAnswer(): Promise<unknown[]> {
  const account = await deliveries.account();
  const answers: unknown[] = [await deliveries.ask('list'), deliveries.told];
  for (const { id } of account.deliveries) {
    answers.push(await deliveries.ask('body', { account: ids.account, deliveryId: id }));
    answers.push(await deliveries.command('retry', id));
  }
  answers.push(await deliveries.ask('list'), await deliveries.command('no such command'));
  return answers;
}

function expectNoSecretIn(signs: unknown): void {
  const all = { depth: null, maxStringLength: null, maxArrayLength: null };
  const text = `${inspect(signs, all)}\n${JSON.stringify(signs)}`;
  for (const secret of [key, token]) {
    const forms = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(JSON.stringify(secret)).slice(3, -3),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').slice(0, 12),
    ];
    for (const form of forms) expect(text).not.toContain(form);
  }
}

describe('neither key nor token is in any answer or message to editors', () => {
  it.each([
    ['that waits', 503],
    ['that is dead', 400],
    ['whose token is refused', 401],
  ])('about a delivery %s, also when the server echoes them', async (_what, status) => {
    const webhook = await deploy();
    other.server.otherwise(echoOfSecret(status));
    nodes.node('fire').receive({ payload: { event: 'leak' }, webhook });
    nodes.node('fire-saved').receive({ payload: { event: 'leak' } });
    nodes.node(ids.send).receive({ payload: 'leak' });
    await deliveries.until(({ waiting, dead }) => waiting + dead === 3);
    await deliveries.until(({ deliveries: listed }) => listed.some(({ error }) => error));
    const answers = await everyAnswer();
    expect(JSON.stringify(answers)).toContain('leak');
    expectNoSecretIn(answers);
  });
});
