import { describe, expect, it } from 'vitest';
import { ids } from '../support/flows.js';
import { byHand } from '../support/scripted-answers.js';
import { usePokeNodes } from './use-poke-nodes.js';
import { accept, useServer } from './use-server.js';

const poke = usePokeNodes();
const { nodes } = poke;
const other = useServer();

const sending = { fill: 'blue', shape: 'dot', text: 'sending' };
const sent = { fill: 'green', shape: 'dot', text: 'sent' };

describe('the status', () => {
  it('is empty until the first message', async () => {
    await poke.deploy();
    await nodes.quiet();
    expect(nodes.statusesOf(ids.send)).toStrictEqual([]);
  });

  it('says that a message is sent, then that it was', async () => {
    await poke.deploy();
    await nodes.run({ payload: 'hello' });
    expect(nodes.statusesOf(ids.send)).toStrictEqual([sending, sent]);
  });

  it('reaches a status node', async () => {
    await poke.deploy();
    await nodes.run({ payload: 'hello' });
    const source = { id: ids.send, type: 'poke-send-message' };
    expect(nodes.arrived('status')).toMatchObject([
      { status: { ...sending, source } },
      { status: { ...sent, source } },
    ]);
  });

  it('says that messages are sent until the last of them was', async () => {
    const { server } = other;
    server.otherwise(byHand());
    await poke.deploy({ account: { baseUrl: server.origin } });
    const all = nodes.runAll([{ payload: 'one' }, { payload: 'two' }]);
    accept(await server.received(1));
    await nodes.until(() => nodes.doneCallsOf(ids.send).length === 1, 'none was done');
    expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual(sending);
    accept(await server.received(2));
    await all;
    expect(nodes.statusesOf(ids.send)).toStrictEqual([sending, sent]);
  });

  it('is that of the last message', async () => {
    await poke.deploy();
    await nodes.run({ payload: '' });
    await nodes.run({ payload: 'hello' });
    expect(nodes.statusesOf(ids.send)).toStrictEqual([
      sending,
      { fill: 'red', shape: 'dot', text: 'check the message' },
      sending,
      sent,
    ]);
  });

  it('is cleared when the node closes', async () => {
    await poke.deploy();
    await nodes.run({ payload: 'hello' });
    await nodes.stop();
    expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual({});
  });
});
