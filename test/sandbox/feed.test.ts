import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedReader } from './feed-reader.js';
import { control, postJson } from './http-client.js';
import { someText, textLike } from './matchers.js';
import { useSandbox } from './use-sandbox.js';

const use = useSandbox();
const readers: FeedReader[] = [];
const openFeed = (): FeedReader => {
  const reader = new FeedReader(use.sandbox.url);
  readers.push(reader);
  return reader;
};

beforeEach(() => {
  readers.length = 0;
});
afterEach(() => {
  for (const reader of readers) {
    reader.close();
  }
});

describe('the feed', () => {
  it('begins with what is there, in order, and says when that was all', async () => {
    await use.createTrigger('When it leaks', 'Text me');
    await use.sendMessage({ message: 'one' });
    use.sandbox.failNext({ kind: 'hang', times: 2 });

    expect(await openFeed().until('ready')).toMatchObject([
      { type: 'hello', sandboxId: someText },
      { type: 'faults', faults: [{ kind: 'hang', times: 2 }] },
      { type: 'triggers', triggers: [{ condition: 'When it leaks', firedCount: 0 }] },
      { type: 'received', entry: { sequence: 1, kind: 'trigger' } },
      { type: 'received', entry: { sequence: 2, body: { message: 'one' }, cut: false } },
      { type: 'ready' },
    ]);
  });

  it('goes on with what happens', async () => {
    const feed = openFeed();
    await feed.until('ready');

    await use.sendMessage({ message: 'live' });
    expect(await feed.next()).toMatchObject({ type: 'received', entry: { sequence: 1 } });
    use.sandbox.failNext({ kind: 'garbage' });
    expect(await feed.next()).toMatchObject({ type: 'faults', faults: [{ kind: 'garbage' }] });
    await use.sendMessage({ message: 'hit' });
    expect(await feed.next()).toMatchObject({ type: 'faults', faults: [] });
    expect(await feed.next()).toMatchObject({ type: 'received', entry: { sequence: 2 } });
    await control(`${use.sandbox.url}/sandbox/received`, 'DELETE');
    expect(await feed.next()).toEqual({ type: 'cleared' });
    await use.createTrigger();
    expect(await feed.next()).toMatchObject({ type: 'triggers', triggers: [{ revoked: false }] });
  });

  it('serves several readers', async () => {
    const feeds = [openFeed(), openFeed()];
    await Promise.all(feeds.map((feed) => feed.until('ready')));
    await use.sendMessage({ message: 'to all' });

    const messages = await Promise.all(feeds.map((feed) => feed.next()));
    expect(messages.map((message) => message.type)).toEqual(['received', 'received']);
  });

  it('keeps the id of the sandbox over connections', async () => {
    const [first] = await openFeed().until('hello');
    const [second] = await openFeed().until('hello');

    expect(second).toEqual(first);
  });

  it('sends only the start of a very large body', async () => {
    await use.sendMessage({ message: 'x'.repeat(300_000) });
    const messages = await openFeed().until('ready');

    expect(messages.find((message) => message.type === 'received')).toMatchObject({
      entry: { cut: true, sizeBytes: 300_014, body: textLike(/^{"message":"x+$/) },
    });
  });
});

describe('no secret gets out', () => {
  it('of the feed, the received list or the triggers, even when a flow sends it as content', async () => {
    const feed = openFeed();
    const { apiKey, url } = use.sandbox;
    const { webhookToken, webhookUrl } = await use.createTrigger(`condition ${apiKey}`, apiKey);
    await use.sendMessage({
      message: `my key is ${apiKey}`,
      deep: [{ [webhookToken]: webhookToken }],
    });
    await postJson(webhookUrl, webhookToken, { token: webhookToken });
    await postJson(webhookUrl, webhookToken, `plain ${webhookToken}`);
    use.sandbox.failNext({ kind: 'garbage' });
    await feed.until('faults');
    await feed.until('faults');

    const lists = await Promise.all(
      ['received', 'triggers', 'faults'].map((name) => control(`${url}/sandbox/${name}`, 'GET')),
    );
    const all = [feed.text, ...lists.map((list) => list.text)].join('\n');
    expect(all).toContain('my key is [secret]');
    expect(all).not.toContain(apiKey);
    expect(all).not.toContain(webhookToken);
  });

  it('while the received entries in the process stay exact', async () => {
    await use.sendMessage({ message: `my key is ${use.sandbox.apiKey}` });

    expect(use.sandbox.received[0]?.bodyText).toBe('{"message":"my key is sandbox-key"}');
  });
});
