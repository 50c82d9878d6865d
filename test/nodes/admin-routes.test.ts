import type { NodeAPI } from 'node-red';
import { describe, expect, it, vi } from 'vitest';
import { dialogOf, SANDBOX_KEY, usePokeNodes } from './use-poke-nodes.js';

const poke = usePokeNodes();
const { nodes } = poke;

const paths = ['/poke/account/key-source', '/poke/account/test-message'];
const typed = () => dialogOf({ apiKey: SANDBOX_KEY, baseUrl: poke.sandbox.baseUrl });

describe.each(paths)('%s', (path) => {
  it('answers nobody who may not change flows', async () => {
    const needsPermission = vi.fn<NodeAPI['auth']['needsPermission']>(
      () => (_request, response) => {
        response.sendStatus(401);
      },
    );
    await poke.deploy(
      {},
      {
        prepare: (RED) => {
          RED.auth.needsPermission = needsPermission;
        },
      },
    );
    const writes = ['key-source', 'test-message', 'create-webhook', 'forget-webhook'];
    const deliveryRoutes = [['poke.read'], ['poke.read'], ['poke.write']];
    expect(needsPermission.mock.calls).toStrictEqual([
      ...writes.map(() => ['poke.write']),
      ['poke.read'],
      ...deliveryRoutes,
    ]);
    expect(await nodes.post(path, typed())).toMatchObject({ status: 401, text: 'Unauthorized' });
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
    'takes no %s, which a form of another site could post',
    async (contentType) => {
      await poke.deploy();
      expect(await nodes.post(path, JSON.stringify(typed()), contentType)).toMatchObject({
        status: 415,
      });
      expect(poke.sandbox.received).toStrictEqual([]);
    },
  );

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['a missing field', JSON.stringify({ ...dialogOf(), tls: undefined })],
    ['a field that is a number', JSON.stringify(dialogOf({ timeout: 15 }))],
    ['a field that is null', JSON.stringify({ ...dialogOf(), apiKey: null })],
    [
      'a field of the prototype',
      '{"__proto__": {"id":"","apiKey":"","baseUrl":"","timeout":"","proxy":"","tls":""}}',
    ],
  ])('refuses %s', async (_what, body) => {
    await poke.deploy();
    expect(await nodes.post(path, body)).toMatchObject({ status: 400 });
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it('says nothing of an error within, but logs it', async () => {
    await poke.deploy(
      {},
      {
        prepare: (RED) => {
          RED.nodes.getCredentials = () => {
            throw new Error('out of order');
          };
        },
      },
    );
    expect(await nodes.post(path, dialogOf({ apiKey: '__PWRD__' }))).toMatchObject({
      status: 500,
      text: 'Internal Server Error',
    });
    expect(nodes.log()).toContainEqual(
      expect.objectContaining({ msg: `${path.slice(1)}: Error: out of order` }),
    );
  });
});
