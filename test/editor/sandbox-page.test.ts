import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import { buildSandbox } from '../../scripts/build-sandbox.mjs';
import { type Answer, postJson } from '../sandbox/http-client.js';
import { layoutProblems } from '../sandbox/layout-problems.js';
import { textLike } from '../sandbox/matchers.js';
import { parseTrigger } from '../sandbox/use-sandbox.js';
import { sharedBrowser } from './editor-stage.js';

const timeoutMs = 30_000;
const views = [
  { name: 'wide', width: 1280, height: 800 },
  { name: 'narrow', width: 390, height: 844 },
] as const;

let directory = '';
let browser: Browser;
let sandbox: Sandbox;
let page: Page;
let problems: string[];

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'sandbox-page-'));
  await buildSandbox(directory);
  browser = await sharedBrowser();
}, timeoutMs);
afterAll(async () => {
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  sandbox = await startOn(0);
  await open(1280, 800);
}, timeoutMs);
afterEach(async () => {
  await page.close();
  await sandbox.close();
});

function startOn(port: number): Promise<Sandbox> {
  return startSandbox({ port, pageDirectory: path.join(directory, 'page') });
}

async function open(width: number, height: number, colorScheme: 'light' | 'dark' = 'light') {
  problems = [];
  page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      problems.push(message.text());
    }
  });
  await page.goto(sandbox.url);
  await page.getByText('Connected', { exact: true }).waitFor({ state: 'attached' });
}

function send(body: unknown, key = sandbox.apiKey): Promise<Answer> {
  return postJson(`${sandbox.baseUrl}/inbound/api-message`, key, body);
}

const entries = () => page.getByRole('article');
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

describe('the sandbox page', { timeout: timeoutMs }, () => {
  it('says what to do when nothing was received, and where to send to', async () => {
    expect(await page.getByText('Press an inject button in Node-RED').isVisible()).toBe(true);
    expect(await page.getByText('Nothing here leaves this computer').isVisible()).toBe(true);
    expect(await page.getByText(sandbox.baseUrl).isVisible()).toBe(true);
    expect(problems).toEqual([]);
  });

  it('shows a message live, with its context as names and values', async () => {
    await send({ message: 'The washing machine is done', room: 'cellar', load: { kg: 7 } });
    await entries().first().waitFor();

    const text = await entries().first().innerText();
    expect(text).toContain('The washing machine is done');
    expect(await entries().first().getByRole('term').allInnerTexts()).toEqual([
      'room',
      'load',
      'kg',
    ]);
    expect(await page.getByText('Nothing received yet').isVisible()).toBe(false);
  });

  it('shows markup as the text it is', async () => {
    await send({ message: '<img src=x onerror=alert(1)>', '<b>name</b>': '<i>value</i>' });
    await entries().first().waitFor();

    expect(await entries().locator('img, b, i').count()).toBe(0);
    expect(await entries().first().innerText()).toContain('<img src=x onerror=alert(1)>');
  });

  it('says why a message was refused', async () => {
    await send({ message: 'Hello' }, 'wrong');

    await page.getByText('refused: the key is not accepted (401)').waitFor();
    expect(await page.content()).not.toContain(sandbox.apiKey);
  });

  it('shows an event with its trigger, and revokes the trigger', async () => {
    const rule = { condition: 'When it leaks', action: 'Text me' };
    const created = await postJson(`${sandbox.baseUrl}/api-keys/webhook`, sandbox.apiKey, rule);
    const { webhookUrl, webhookToken } = parseTrigger(created.text);
    await postJson(webhookUrl, webhookToken, { room: 'laundry' });
    await entries().nth(1).waitFor();
    expect(await entries().nth(1).innerText()).toMatch(
      /Event\s+When it leaks\s*→\s*Text me\s+room/,
    );
    expect(await page.getByText(/fired once, last at/).isVisible()).toBe(true);

    await press('Revoke the trigger: When it leaks');
    await page.getByText(/^revoked, fired once/).waitFor();
    expect((await postJson(webhookUrl, webhookToken, {})).status).toBe(401);
    await page.getByText('refused: the webhook token is not accepted (401)').waitFor();
  });

  it('makes Poke fail as often as chosen, and counts down', async () => {
    await page.getByRole('radio', { name: 'Next 3' }).check();
    await press('Too many messages (429), wait 5 s');
    await page.getByText('Too many messages (429), wait 5 s, for the next 3 requests').waitFor();

    expect(await send({ message: 'x' })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '5' },
    });
    await page.getByText('for the next 2 requests').waitFor();
    await page.getByText('refused: too many messages (429)').waitFor();
  });

  it('goes back to normal when told to', async () => {
    await page.getByRole('radio', { name: 'Until I stop it' }).check();
    await press('Server error (500)');
    await page.getByText('Server error (500), until you stop it').waitFor();
    expect((await send({})).status).toBe(500);

    await press('Back to normal');
    await page.getByText('Poke fails on purpose').waitFor({ state: 'hidden' });
    expect((await send({})).status).toBe(200);
  });

  it('has a button for every fault, and the one chosen last is the one that hits', async () => {
    for (const chip of await page.locator('#fault-groups button').all()) {
      await chip.click();
      await page
        .locator('#fault-groups button[aria-pressed="true"]')
        .getByText(await chip.innerText(), { exact: true })
        .waitFor();
    }
    expect(await page.locator('#fault-groups button[aria-pressed="true"]').count()).toBe(1);
    expect(await page.getByRole('alert').innerText()).toBe('');
  });

  it('clears the conversation', async () => {
    await send({ message: 'x' });
    await entries().first().waitFor();
    await press('Clear the conversation');

    await page.getByText('Nothing received yet').waitFor();
    expect(sandbox.received).toEqual([]);
  });

  it('marks the second try of the same delivery', async () => {
    const headers = { authorization: `Bearer ${sandbox.apiKey}`, 'idempotency-key': 'd-1' };
    for (const status of [503, 200]) {
      sandbox.failNext({ kind: 'status', status });
      await fetch(`${sandbox.baseUrl}/inbound/api-message`, {
        method: 'POST',
        headers,
        body: '{}',
      });
    }
    await page.getByText('try 2').waitFor();

    expect(await page.getByText('not received: server error (503)').count()).toBe(1);
  });

  it('finds the sandbox again after a restart, and shows nothing twice', async () => {
    await send({ message: 'before' });
    await entries().first().waitFor();
    const port = Number(new URL(sandbox.url).port);
    await sandbox.close();
    await page.getByText('Disconnected, trying again…').waitFor();

    sandbox = await startOn(port);
    await send({ message: 'after' });
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await entries().allInnerTexts()).toEqual([textLike(/after/)]);
  });

  it('follows the newest message, but not while somebody reads further up', async () => {
    for (let index = 1; index <= 20; index += 1) {
      await send({ message: `Message ${index}` });
    }
    const scroller = page.getByRole('region', { name: 'What the agent received' });
    await page.getByText('Message 20', { exact: true }).waitFor();
    const gap = () => scroller.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);
    expect(await gap()).toBeLessThan(2);

    await scroller.evaluate((element) => {
      element.scrollTop = 0;
    });
    await send({ message: 'Message 21' });
    await page.getByRole('button', { name: 'Newest' }).waitFor();
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(0);
    await press('Newest');
    expect(await gap()).toBeLessThan(2);
  });

  it('is used with the keyboard alone', async () => {
    const status = page.getByText('Key refused (401), for the next 3 requests');
    await page.getByRole('radio', { name: 'Next one' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await status.waitFor();

    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe(
      'solid',
    );
    await page.getByRole('button', { name: 'Back to normal' }).focus();
    await page.keyboard.press('Enter');
    await status.waitFor({ state: 'hidden' });
  });
});

describe.each(views)('the sandbox page, $name', ({ name, width, height }) => {
  it.each(['light', 'dark'] as const)(
    'fits, overlaps nothing and is readable in the %s scheme',
    async (scheme) => {
      await page.close();
      await send({ message: 'Word '.repeat(40), context: { list: [1, 2], text: 'x'.repeat(200) } });
      await send({ message: 'Refused' }, 'wrong');
      sandbox.failNext({ kind: 'status', status: 429, retryAfter: '5', times: 3 });
      await open(width, height, scheme);
      await entries().nth(1).waitFor();
      expect(await layoutProblems(page)).toEqual([]);

      if (name === 'narrow') {
        await press('Controls');
        await page.getByRole('button', { name: 'Key refused (401)' }).waitFor();
        expect(await layoutProblems(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await entries().nth(1).waitFor();
      }
    },
    timeoutMs,
  );
});
