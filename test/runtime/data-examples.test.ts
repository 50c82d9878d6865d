import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { LoopbackListener } from '../support/loopback-listener.js';
import { accepted, idOf, useExamples, withFields } from './example-flows.js';
import { MqttBroker } from './mqtt-broker.js';
import { versions } from './poke-runtime.js';
import { creations, fired, firings } from './webhook-runtime.js';

const shownBy = 'Poke accepted it';

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useExamples(version);
  const events = () => firings(use.runtime.sandbox).map(({ body }) => body);
  const messages = () => use.runtime.sandbox.received.map(({ body }) => body);

  it('05 fires for the readings above the threshold only', async () => {
    const broker = await MqttBroker.start();
    const flow = await use.deploy('05 MQTT sensor to Poke', (nodes) =>
      withFields(nodes, 'mqtt-broker', { port: String(broker.port) }),
    );
    await broker.subscribed('home/+/temperature');
    const { nodeRed, sandbox } = use.runtime;
    await nodeRed.inject(idOf(flow, 'bedroom, 21 °C'));
    expect(await use.press(flow, 'attic, 34.5 °C', shownBy)).toMatchObject(accepted);
    await broker.publish('home/kitchen/temperature', { room: 'kitchen', temperature: 30 });
    await broker.publish('home/attic/temperature', { room: 'attic', temperature: 30.1 });
    await fired(sandbox, 2);
    await nodeRed.waitForDebug(idOf(flow, shownBy));
    await nodeRed.deploy([]);
    await broker.close();
    expect(events()).toEqual([
      { room: 'attic', temperature: 34.5 },
      { room: 'attic', temperature: 30.1 },
    ]);
    expect(creations(sandbox)).toHaveLength(1);
  });

  it('06 lets sixty readings through in the first minute, and keeps the rest', async () => {
    const flow = await use.deploy('06 A thousand sensors');
    const { nodeRed, sandbox } = use.runtime;
    const fire = idOf(flow, 'newest of each sensor');
    const [account] = flow.filter(({ type }) => type === 'poke-account');
    await nodeRed.inject(idOf(flow, 'all of them report'));
    await nodeRed.waitForStatus(fire, /^940 waiting, next try /);
    await nodeRed.inject(idOf(flow, 'all of them report'));
    expect(firings(sandbox)).toHaveLength(60);
    await nodeRed.deploy(withFields(flow, 'poke-account', { rateLimit: '' }));
    await fired(sandbox, 1000);
    const sensors = new Set(firings(sandbox).map(({ bodyText }) => bodyText));
    expect(sensors.size).toBe(1000);
    expect(creations(sandbox)).toHaveLength(1);
    expect(account).toMatchObject({ rateLimit: 60 });
  });

  it('07 shows a form, and tells Poke what was sent with it', async () => {
    const flow = await use.deploy('07 A form to Poke');
    const { nodeRed } = use.runtime;
    const address = `${nodeRed.url}/ask-poke`;
    const page = await fetch(address);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toMatch(/<form method="post">.*name="name".*name="text"/s);
    const answer = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ name: 'Ada', text: 'The gate squeaks & sticks' }),
    });
    expect(await answer.text()).toContain('Your message is on its way.');
    expect((await nodeRed.waitForDebug(idOf(flow, shownBy))).value).toMatchObject(accepted);
    const message = expect.stringMatching(/^Somebody has left me a message/) as unknown;
    expect(messages()).toEqual([{ message, name: 'Ada', text: 'The gate squeaks & sticks' }]);
  });

  it('08 tells Poke of the newest entry of a feed, once', async () => {
    const entry = (title: string) =>
      `<item><title>${title}</title><link>https://news.test/${title}</link><description>It is.</description></item>`;
    let titles = ['second', 'first'];
    const server = createServer((_request, response) => {
      response.end(`<rss version="2.0"><channel>${titles.map(entry).join('')}</channel></rss>`);
    });
    const listener = await LoopbackListener.listen(server);
    const flow = await use.deploy('08 News feed to Poke', (nodes) =>
      withFields(nodes, 'http request', { url: `http://127.0.0.1:${listener.port}/rss.xml` }),
    );
    expect(await use.press(flow, 'look now', shownBy)).toMatchObject(accepted);
    await use.runtime.nodeRed.inject(idOf(flow, 'look now'));
    titles = ['third', ...titles];
    expect(await use.press(flow, 'look now', shownBy)).toMatchObject(accepted);
    await listener.close();
    const message = 'There is a new entry in my news feed. Tell me its title and its link.';
    const told = (title: string) => ({
      ...{ message, title, link: `https://news.test/${title}`, summary: 'It is.' },
    });
    expect(messages()).toEqual([told('second'), told('third')]);
  });

  it('09 tells Poke all readings at once, of each the newest', async () => {
    const flow = await use.deploy('09 Daily summary');
    const { nodeRed } = use.runtime;
    const collect = (name: string) => nodeRed.inject(idOf(flow, name));
    await collect('kitchen, 21 °C');
    await collect('attic, 34.5 °C');
    await collect('kitchen, 21 °C');
    expect(await use.press(flow, 'every day at 7:00', shownBy)).toMatchObject(accepted);
    const message = expect.stringMatching(/^Good morning! Sum up my house/) as unknown;
    expect(messages()).toEqual([{ message, kitchen: 21, attic: 34.5 }]);
    expect(timeOf(flow)).toBe('00 07 * * *');
  });
});

function timeOf(flow: readonly FlowNode[]): unknown {
  return flow.find(({ name }) => name === 'every day at 7:00')?.['crontab'];
}
