import { beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/server.js';
import { type FlowNode } from '../support/admin-api.js';
import { isRecord } from '../support/is-record.js';
import { MqttBroker } from './mqtt-broker.js';
import { debugNode, injectNode, usePokeRuntime, versions } from './poke-runtime.js';
import {
  exampleNames,
  idOf,
  importExample,
  ofType,
  webhookExamples,
  withFields,
} from './webhook-example-flows.js';
import { containing, matching } from './webhook-matchers.js';
import { broughtWebhook, creations, fired, firings } from './webhook-runtime.js';

const leak = { event: 'leak', room: 'laundry', level: 0.83 };
const smoke = { event: 'smoke', room: 'kitchen', level: 0.4 };
const failedDeploy = '{"event":"deploy_failed","repo":"my-app","error":"OOM killed"}';
const accepted = { payload: { success: true }, poke: { attempts: 1, status: 200 } };

describe.each(versions)('in Node-RED %s', (version) => {
  /** As `npm start` does it: key and address in the environment. */
  const runtime = usePokeRuntime(version, ({ baseUrl, apiKey }) => ({
    environment: { POKE_API: baseUrl, POKE_API_KEY: apiKey },
  }));
  beforeEach(() => {
    runtime.current.sandbox.reset();
  });

  function example(name: (typeof webhookExamples)[number]): Promise<FlowNode[]> {
    return importExample(runtime.current.nodeRed, name);
  }

  /** Presses the button of that name, and returns what the debug node of the other name shows next. */
  async function press(flow: readonly FlowNode[], button: string, shownBy: string) {
    const { nodeRed } = runtime.current;
    await nodeRed.inject(idOf(flow, button));
    return (await nodeRed.waitForDebug(idOf(flow, shownBy))).value;
  }

  const bodies = () => firings(runtime.current.sandbox).map(({ body }) => body);

  it('all of them can be imported, also together, and each explains itself once', async () => {
    const { nodeRed } = runtime.current;
    const names = await exampleNames(nodeRed);
    expect(names).toEqual(expect.arrayContaining([...webhookExamples]));
    const flows = await Promise.all(names.map((name) => importExample(nodeRed, name)));
    for (const flow of flows) expect(ofType(flow, 'comment')).toHaveLength(1);
    const nodeIds = flows.flat().map(({ id }) => id);
    expect(new Set(nodeIds).size).toBe(nodeIds.length);
    await nodeRed.deploy(flows.flat());
    await nodeRed.deploy([]);
  });

  it('04 creates one webhook and fires it at every press', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = await example('04 Create a webhook once and fire it often');
    await nodeRed.deploy(flow);
    const shown = [];
    for (const button of ['leak in the laundry', 'smoke in the kitchen', 'leak in the laundry']) {
      shown.push(await press(flow, button, 'Poke accepted it'));
    }
    await nodeRed.deploy(flow);
    shown.push(await press(flow, 'smoke in the kitchen', 'Poke accepted it'));
    expect(shown).toMatchObject([accepted, accepted, accepted, accepted]);
    expect(JSON.stringify(shown)).not.toContain('eyJ');
    expect(creations(sandbox)).toHaveLength(1);
    expect(bodies()).toEqual([leak, smoke, leak, smoke]);
  });

  it('05 says that the webhook is to be created first, and fires when it is', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = await example('05 Fire a saved webhook');
    const [webhook, account, fire] = ['poke-webhook', 'poke-account', 'poke-fire-webhook'].map(
      (type) => ofType(flow, type)[0]?.id ?? '',
    );
    await nodeRed.deploy(flow);
    await nodeRed.waitForStatus(String(fire), 'create the webhook');
    const { condition, action } = { condition: '', action: '', ...ofType(flow, 'poke-webhook')[0] };
    const dialog = { id: account, apiKey: '', baseUrl: '', timeout: '15', proxy: '', tls: '' };
    const question = { account: dialog, condition, action };
    const response = await nodeRed.post('/poke/account/create-webhook', question);
    const report: unknown = await response.json();
    const made = isRecord(report) ? report['webhook'] : report;
    const { webhookToken, ...fields } = broughtWebhook(made);
    const filled = withFields(flow, 'poke-webhook', fields);
    await nodeRed.deploy(filled, { [String(webhook)]: { webhookToken } });
    expect(await press(flow, 'door left open', 'Poke accepted it')).toMatchObject(accepted);
    expect(bodies()).toEqual([{ event: 'door_left_open', door: 'garage', minutes: 20 }]);
    expect(creations(sandbox)).toMatchObject([
      { body: { condition: matching(/door/), action: matching(/which door/) } },
    ]);
  });

  it('06 fires for the readings above the threshold only', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = await example('06 MQTT sensor to Poke');
    const broker = await MqttBroker.start();
    await nodeRed.deploy(withFields(flow, 'mqtt-broker', { port: String(broker.port) }));
    await broker.subscribed('home/+/temperature');
    const readings = [
      { room: 'bedroom', temperature: 21 },
      { room: 'attic', temperature: 34.5 },
      { room: 'kitchen', temperature: 30 },
      { room: 'attic', temperature: 30.1 },
    ];
    for (const reading of readings)
      await broker.publish(`home/${reading.room}/temperature`, reading);
    await fired(sandbox, 2);
    const shownBy = idOf(flow, 'Poke accepted it');
    const shown = [await nodeRed.waitForDebug(shownBy), await nodeRed.waitForDebug(shownBy)];
    expect(shown.map(({ value }) => value)).toMatchObject([accepted, accepted]);
    await nodeRed.deploy([]);
    await broker.close();
    expect(bodies()).toEqual([readings[1], readings[3]]);
    expect(creations(sandbox)).toHaveLength(1);
  });

  it('06 has buttons that publish as a sensor would', async () => {
    const { nodeRed } = runtime.current;
    const flow = await example('06 MQTT sensor to Poke');
    const broker = await MqttBroker.start();
    await nodeRed.deploy(withFields(flow, 'mqtt-broker', { port: String(broker.port) }));
    await broker.subscribed('home/+/temperature');
    await nodeRed.inject(idOf(flow, 'bedroom, 21 °C'));
    expect(await press(flow, 'attic, 34.5 °C', 'Poke accepted it')).toMatchObject(accepted);
    await nodeRed.deploy([]);
    await broker.close();
    expect(bodies()).toEqual([{ room: 'attic', temperature: 34.5 }]);
  });

  it('07 sends what there were too many of again, when Poke says', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = await example('07 Retry later');
    await nodeRed.deploy(flow);
    sandbox.failNext({ kind: 'status', status: 429, retryAfter: '1' });
    expect(await press(flow, 'the front door is open', 'sent')).toMatchObject({ success: true });
    const body = { message: 'The front door is open' };
    expect(sandbox.received).toMatchObject([
      { body, answer: 'HTTP 429' },
      { body, accepted: true },
    ]);
    const [first = 0, second = 0] = sandbox.received.map(({ at }) => Date.parse(at));
    expect(second - first).toBeGreaterThanOrEqual(990);
  });

  it('07 sends what found no connection again, half a minute later', async () => {
    const { nodeRed } = runtime.current;
    const flow = await example('07 Retry later');
    const gone = await startSandbox();
    await gone.close();
    const account = withFields(flow, 'poke-account', { baseUrl: gone.baseUrl });
    const delay = ofType(flow, 'delay')[0]?.id ?? '';
    const wait = idOf(flow, 'wait 30 s, or as long as Poke asks');
    const z = flow[0]?.id;
    const watched = account.map((node) =>
      node.id === wait ? { ...node, wires: [[delay, 'waits']] } : node,
    );
    const now = injectNode({
      id: 'now',
      z,
      props: [{ p: 'flush', v: 'true', vt: 'bool' }],
      wires: [[delay]],
    });
    await nodeRed.deploy([...watched, debugNode({ id: 'waits', z, console: false }), now]);
    await nodeRed.inject(idOf(flow, 'the front door is open'));
    expect((await nodeRed.waitForDebug('waits')).value).toMatchObject({
      payload: 'The front door is open',
      delay: 30_000,
      error: { code: 'ERR_POKE_NETWORK', message: containing('refused the connection') },
    });
    const back = await startSandbox({ port: Number(new URL(gone.url).port) });
    await nodeRed.inject('now');
    const shown = await nodeRed.waitForDebug(idOf(flow, 'sent'));
    const received = [...back.received];
    await back.close();
    expect(shown.value).toMatchObject({ success: true });
    expect(received).toMatchObject([
      { body: { message: 'The front door is open' }, accepted: true },
    ]);
  });

  it('07 gives up what can never succeed', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = await example('07 Retry later');
    await nodeRed.deploy(flow);
    sandbox.failNext({ kind: 'status', status: 401 });
    expect(await press(flow, 'the front door is open', 'given up')).toMatch(
      /^Poke refused the API key \(401\)/,
    );
    expect(sandbox.received).toHaveLength(1);
    expect(nodeRed.statuses(ofType(flow, 'delay')[0]?.id ?? '').at(-1) ?? {}).toEqual({});
  });

  it('08 fires exactly what the build server says, by button and by HTTP', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = await example('08 A failed deploy');
    await nodeRed.deploy(flow);
    expect(await press(flow, 'my-app failed', 'Poke accepted it')).toMatchObject(accepted);
    const response = await fetch(`${nodeRed.url}/deploy-failed`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: failedDeploy,
    });
    expect(response.status).toBe(202);
    const shown = await nodeRed.waitForDebug(idOf(flow, 'Poke accepted it'));
    expect(shown.value).toMatchObject(accepted);
    expect(firings(sandbox).map(({ bodyText }) => bodyText)).toEqual([failedDeploy, failedDeploy]);
    expect(creations(sandbox)).toMatchObject([
      { body: { condition: 'When a production deploy fails' }, accepted: true },
    ]);
  });
});
