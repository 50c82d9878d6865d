import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { versions } from '../runtime/poke-runtime.js';
import { ids } from '../support/flows.js';
import type { PokeEditor } from './poke-editor.js';
import { PokeSidebar } from './poke-sidebar.js';
import { patience, useEditor } from './use-editor.js';

const outage: Fault = { kind: 'status', status: 503, times: 0 };
const rejection: Fault = { kind: 'status', status: 400 };
const nothing =
  'Nothing waits and nothing was given up. What Poke cannot take at once appears here, and stays until it is delivered or you discard it.';

const otherTab = { id: 'other', type: 'tab', label: 'other' };

describe.each(versions)('the deliveries in the sidebar of Node-RED %s', (version) => {
  const use = useEditor(version);
  /** Every test has an account of its own, whose deliveries are in a folder of its own. */
  let account = 0;

  beforeEach(async () => {
    account += 1;
    const id = `account${account}`;
    const { runtime } = use;
    const send = { account: id, delivery: 'durable', name: 'tell me' };
    const flow = [...runtime.flow({ account: { id, name: 'home' }, send }), otherTab];
    await runtime.nodeRed.deploy(flow, { [id]: { apiKey: runtime.sandbox.apiKey } });
  });

  async function open(): Promise<{ editor: PokeEditor; sidebar: PokeSidebar }> {
    const editor = await use.open();
    return { editor, sidebar: await PokeSidebar.open(editor) };
  }

  /** Lets the flow send a text that Poke rejects. */
  async function reject(text: string): Promise<void> {
    use.runtime.sandbox.failNext(rejection);
    await use.runtime.injectText(text);
    await use.runtime.next('caught');
  }

  it('says in a sentence what it is for when there are none', async () => {
    const { sidebar } = await open();
    await expect.poll(() => sidebar.tab.locator('p').first().innerText()).toBe(nothing);
    expect(await sidebar.state.innerText()).toBe('Nothing waits.');
    expect(await sidebar.button('home').isVisible()).toBe(true);
  });

  it('show an outage as it happens, and its end', async () => {
    const { sidebar } = await open();
    use.runtime.sandbox.failNext(outage);
    await use.runtime.injectText('water on the floor');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(1);
    await expect.poll(() => sidebar.rows.innerText(), patience).toMatch(/tell me[^]*503/);
    await expect.poll(() => sidebar.state.innerText(), patience).toMatch(/^Waiting: 1\. Dead: 0\./);
    use.runtime.sandbox.clearFaults();
    await sidebar.button('Retry all').click();
    await use.runtime.next('sent');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(0);
    await expect.poll(() => sidebar.state.innerText()).toBe('Nothing waits.');
  });

  it('show what they say only when they are asked', async () => {
    await reject('water on the floor');
    const { sidebar } = await open();
    await sidebar.rows.waitFor();
    expect(await sidebar.tab.innerText()).not.toContain('water');
    const show = sidebar.button('Show content');
    expect(await show.getAttribute('aria-expanded')).toBe('false');
    await show.click();
    await expect
      .poll(() => sidebar.rows.locator('pre').innerText())
      .toBe('{\n  "message": "water on the floor"\n}');
    await sidebar.button('Hide content').click();
    await expect.poll(() => sidebar.rows.locator('pre').count()).toBe(0);
  });

  it('can be replayed when they are dead', async () => {
    await reject('water on the floor');
    const { sidebar } = await open();
    expect(await sidebar.rows.innerText()).toMatch(/given up .* ago · attempts: 1[^]*400/);
    await sidebar.button('Replay').click();
    const message = await use.runtime.next('sent');
    expect(message).toMatchObject({ payload: { success: true } });
    await expect.poll(() => sidebar.rows.count(), patience).toBe(0);
    expect(await sidebar.tab.innerText()).toContain('Sent once more: 1.');
  });

  it('are discarded only after a question', async () => {
    await reject('first');
    await reject('second');
    const { sidebar } = await open();
    await sidebar.button('Discard', sidebar.rows.first()).click();
    await sidebar.answer('Keep');
    expect(await sidebar.rows.count()).toBe(2);
    await sidebar.button('Discard', sidebar.rows.first()).click();
    await sidebar.answer('Discard');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(1);
    await sidebar.button('Discard all dead').click();
    await sidebar.answer('Discard');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(0);
  });

  it('do not leave the focus of the keyboard in a question that is answered', async () => {
    await reject('water on the floor');
    const { editor, sidebar } = await open();
    await sidebar.button('Discard').focus();
    await editor.page.keyboard.press('Enter');
    // As Node-RED 5 does, in a timer, which may come late.
    const focused = await editor.page.evaluate(() => {
      const [keep] = $('#red-ui-notifications button:contains("Keep")').get().reverse();
      keep?.click();
      keep?.focus();
      return document.activeElement?.textContent;
    });
    expect(focused).toBe('Discard');
  });

  it('wait while they are paused', async () => {
    const { sidebar } = await open();
    await sidebar.button('Pause').click();
    await expect.poll(() => sidebar.state.innerText(), patience).toMatch(/^Paused by hand/);
    await use.runtime.injectText('water on the floor');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(1);
    expect(use.runtime.sandbox.received).toEqual([]);
    await sidebar.button('Resume').click();
    await use.runtime.next('sent');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(0);
  });

  it('say what to do when the key is refused', async () => {
    const { sidebar } = await open();
    use.runtime.sandbox.failNext({ kind: 'status', status: 401 });
    await use.runtime.injectText('water on the floor');
    await expect
      .poll(() => sidebar.state.innerText(), patience)
      .toMatch(/They wait for you: .*V2 key/);
  });

  it('lead to their node', async () => {
    await reject('water on the floor');
    const { editor, sidebar } = await open();
    await editor.page.evaluate(() => {
      RED.workspaces.show('other');
    });
    await sidebar.button('tell me').click();
    await expect.poll(() => editor.page.evaluate(() => RED.workspaces.active())).toBe(ids.tab);
  });

  it('keep the focus of the keyboard as they come and go', async () => {
    await reject('first');
    await reject('second');
    const { editor, sidebar } = await open();
    const focused = () => editor.page.evaluate(() => document.activeElement?.textContent);
    await sidebar.button('Discard', sidebar.rows.last()).focus();
    await reject('third');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(3);
    expect(await focused()).toBe('Discard');
    await editor.page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Keep');
    // Node-RED 5 moves the focus there too, in a timer of its own.
    await editor.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    await editor.page.keyboard.press('Tab');
    await editor.page.keyboard.press('Enter');
    await expect.poll(() => sidebar.rows.count(), patience).toBe(2);
    const rowWithFocus = () =>
      editor.page.evaluate(
        () => document.activeElement?.closest('.poke-deliveries li')?.textContent,
      );
    await expect.poll(rowWithFocus, patience).toContain('tell me');
  });

  it('are gone with their account', async () => {
    await reject('water on the floor');
    const { sidebar } = await open();
    await sidebar.rows.waitFor();
    await use.runtime.nodeRed.deploy([otherTab]);
    await expect.poll(() => sidebar.tab.innerText(), patience).toMatch(/^No Poke account/);
  });
});
