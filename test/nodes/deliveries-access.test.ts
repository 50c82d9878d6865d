import { describe, expect, it } from 'vitest';
import { ids } from '../support/flows.js';
import { useDeliveries } from './use-deliveries.js';
import { usePokeNodes } from './use-poke-nodes.js';

const deliveries = useDeliveries(() => nodes);
const poke = usePokeNodes();
const { nodes } = poke;

const account = ids.account;
const deliveryId = '';
const routes = [
  { route: 'list', permission: 'poke.read', question: {} },
  { route: 'body', permission: 'poke.read', question: { account, deliveryId } },
  {
    route: 'command',
    permission: 'poke.write',
    question: { account, deliveryId, command: 'pause' },
  },
] as const;

describe.each(routes)('the route to $route', ({ route, permission, question }) => {
  it(`answers nobody without the permission ${permission}`, async () => {
    await poke.deploy(
      {},
      {
        prepare: (RED) => {
          deliveries.options.prepare?.(RED);
          RED.auth.needsPermission = (wanted) => (_request, response) => {
            response.status(401).send(wanted);
          };
        },
      },
    );
    expect(await deliveries.ask(route, question)).toMatchObject({ status: 401, text: permission });
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
    'takes no %s, which a form of another site could post',
    async (contentType) => {
      await poke.deploy({}, deliveries.options);
      const path = `/poke/deliveries/${route}`;
      const answer = await nodes.post(path, JSON.stringify(question), contentType);
      expect(answer).toMatchObject({ status: 415 });
    },
  );
});

describe.each(['body', 'command'] as const)('the route to %s', (route) => {
  it.each<[string, object]>([
    ['an empty object', {}],
    ['an account that is a number', { account: 7, deliveryId, command: 'pause' }],
    ['no delivery', { account, command: 'pause' }],
    ['a delivery that is null', { account, deliveryId: null, command: 'pause' }],
    ['a list', [account, deliveryId, 'pause']],
  ])('refuses %s', async (_what, question) => {
    await poke.deploy({}, deliveries.options);
    expect(await deliveries.ask(route, question)).toMatchObject({ status: 400 });
  });
});

it('a command that is no text is refused', async () => {
  await poke.deploy({}, deliveries.options);
  const question = { account, deliveryId, command: ['pause'] };
  expect(await deliveries.ask('command', question)).toMatchObject({ status: 400 });
});
