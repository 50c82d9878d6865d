import { describe, expect, it } from 'vitest';
import { isRecord } from '../support/is-record.js';
import { accepted, idOf, ofType, useExamples, withFields } from './example-flows.js';
import { versions } from './poke-runtime.js';
import { matching } from './webhook-matchers.js';
import { broughtWebhook, creations, firings } from './webhook-runtime.js';

const shownBy = 'Poke accepted it';
const soon = { duration: '50', units: 'ms' };

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useExamples(version);
  const bodies = () => firings(use.runtime.sandbox).map(({ body }) => body);

  it('02 texts once when the washing machine is done', async () => {
    const { nodeRed, sandbox } = use.runtime;
    const flow = await use.deploy('02 Washing machine is done', (nodes) =>
      withFields(nodes, 'trigger', soon),
    );
    await nodeRed.inject(idOf(flow, 'it washes: 420 W'));
    expect(await use.press(flow, 'it is quiet: 1 W', shownBy)).toMatchObject(accepted);
    await nodeRed.inject(idOf(flow, 'it is quiet: 1 W'));
    await nodeRed.inject(idOf(flow, 'it washes: 420 W'));
    expect(await use.press(flow, 'it is quiet: 1 W', shownBy)).toMatchObject(accepted);
    const message = { message: 'The washing machine is done' };
    expect(sandbox.received.map(({ body }) => body)).toEqual([message, message]);
  });

  it('02 says nothing when it goes on', async () => {
    const { nodeRed, sandbox } = use.runtime;
    const flow = await use.deploy('02 Washing machine is done');
    const [trigger] = ofType(flow, 'trigger');
    await nodeRed.inject(idOf(flow, 'it washes: 420 W'));
    await nodeRed.inject(idOf(flow, 'it is quiet: 1 W'));
    const lastStatus = () => nodeRed.statuses(trigger?.id ?? '').at(-1);
    await expect.poll(lastStatus).toMatchObject({ fill: 'blue' });
    await nodeRed.inject(idOf(flow, 'it washes: 420 W'));
    await expect.poll(lastStatus).toEqual({});
    expect(sandbox.received).toEqual([]);
  });

  it('03 says that the webhook is to be created first, and fires when it is', async () => {
    const { nodeRed, sandbox } = use.runtime;
    const flow = await use.deploy('03 Door left open');
    const [webhook, account, fire] = ['poke-webhook', 'poke-account', 'poke-fire-webhook'].map(
      (type) => ofType(flow, type)[0]?.id ?? '',
    );
    await nodeRed.waitForStatus(String(fire), 'create the webhook');
    const { condition, action } = { condition: '', action: '', ...ofType(flow, 'poke-webhook')[0] };
    const dialog = { id: account, apiKey: '', baseUrl: '', timeout: '15', proxy: '', tls: '' };
    const question = { account: dialog, condition, action };
    const response = await nodeRed.post('/poke/account/create-webhook', question);
    const report: unknown = await response.json();
    const made = isRecord(report) ? report['webhook'] : report;
    const { webhookToken, ...fields } = broughtWebhook(made);
    const filled = withFields(withFields(flow, 'poke-webhook', fields), 'trigger', soon);
    await nodeRed.deploy(filled, { [String(webhook)]: { webhookToken } });
    expect(await use.press(flow, 'the garage opens', shownBy)).toMatchObject(accepted);
    expect(bodies()).toEqual([{ event: 'door_left_open', door: 'garage', minutes: 10 }]);
    expect(creations(sandbox)).toMatchObject([
      { body: { condition: matching(/door/), action: matching(/which door/) } },
    ]);
  });

  it('04 creates one webhook, and after an outage sends the newest of each sensor', async () => {
    const { nodeRed, sandbox } = use.runtime;
    const flow = await use.deploy('04 Leak sensors');
    const fire = idOf(flow, 'tell Poke, newest only');
    const shown = [
      await use.press(flow, 'leak in the laundry', shownBy),
      await use.press(flow, 'leak in the bathroom', shownBy),
    ];
    expect(shown).toMatchObject([accepted, accepted]);
    expect(JSON.stringify(shown)).not.toContain('eyJ');
    sandbox.failNext({ kind: 'status', status: 503, endpoint: 'fire', times: 0 });
    for (const room of ['laundry', 'bathroom', 'laundry', 'bathroom', 'laundry']) {
      await nodeRed.inject(idOf(flow, `leak in the ${room}`));
    }
    await nodeRed.waitForStatus(fire, /^2 waiting, next try /);
    sandbox.clearFaults();
    const takenSensors = () =>
      firings(sandbox)
        .filter((firing) => firing.accepted)
        .map(({ bodyText }) => /leak-\d/.exec(bodyText)?.[0])
        .sort();
    await expect
      .poll(takenSensors, { timeout: 20_000 })
      .toEqual(['leak-1', 'leak-1', 'leak-2', 'leak-2']);
    expect(creations(sandbox)).toHaveLength(1);
  });
});
