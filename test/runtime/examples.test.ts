import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import {
  accepted,
  exampleNames,
  examples,
  importExample,
  ofType,
  useExamples,
} from './example-flows.js';
import { mcpExamples } from './mcp-examples.js';
import { versions } from './poke-runtime.js';

it('every example is tried', () => {
  const names = [...examples.map((name) => `${name}.json`), ...mcpExamples];
  expect(readdirSync(projectPath('examples')).sort()).toEqual(names);
});

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useExamples(version);

  it('the menu has the examples, and together they can be imported', async () => {
    const { nodeRed } = use.runtime;
    const names = await exampleNames(nodeRed);
    expect(names).toEqual(expect.arrayContaining([...examples]));
    const flows = await Promise.all(names.map((name) => importExample(nodeRed, name)));
    for (const flow of flows) expect(ofType(flow, 'comment')).toHaveLength(1);
    const nodeIds = flows.flat().map(({ id }) => id);
    expect(new Set(nodeIds).size).toBe(nodeIds.length);
    await nodeRed.deploy(flows.flat());
    await nodeRed.deploy([]);
  });

  it('01 sends a text, and a text with facts beside it', async () => {
    const flow = await use.deploy('01 Send a message');
    const shownBy = 'Poke accepted it';
    expect(await use.press(flow, 'washing machine', shownBy)).toMatchObject(accepted);
    expect(await use.press(flow, 'leak in the laundry', shownBy)).toMatchObject(accepted);
    expect(use.runtime.sandbox.received.map(({ body }) => body)).toEqual([
      { message: 'The washing machine is done' },
      {
        message: 'Water on the floor of the laundry',
        sensor: 'leak-2',
        room: 'laundry',
        level: 0.83,
        battery: '12%',
      },
    ]);
  });

  it('10 delivers after an outage what was taken during it', async () => {
    const flow = await use.deploy('10 Outage and catch up');
    const { nodeRed, sandbox } = use.runtime;
    const shownBy = 'delivered, or what came of the command';
    const paused = { poke: { isPaused: true, waiting: 0 } };
    expect(await use.press(flow, 'pause', shownBy)).toMatchObject(paused);
    const [node] = ofType(flow, 'poke-send-message');
    await nodeRed.inject(flow.find(({ name }) => name === 'something happens')?.id ?? '');
    await nodeRed.waitForStatus(node?.id ?? '', '1 waiting, paused');
    expect(await use.press(flow, 'what waits?', shownBy)).toMatchObject({
      poke: { deliveries: [{ state: 'waiting', attempts: 0 }] },
    });
    expect(sandbox.received).toEqual([]);
    expect(await use.press(flow, 'resume', shownBy)).toMatchObject({ poke: { isPaused: false } });
    const debug = flow.find(({ name }) => name === shownBy)?.id ?? '';
    expect((await nodeRed.waitForDebug(debug)).value).toMatchObject(accepted);
    expect(sandbox.received).toMatchObject([{ body: { message: 'Something happened' } }]);
  });

  it('11 tells what was not delivered, and writes an e-mail about what matters', async () => {
    const flow = await use.deploy('11 When a message fails');
    const { sandbox } = use.runtime;
    expect(await use.press(flow, 'a good message', 'sent')).toMatchObject({ success: true });
    expect(await use.press(flow, 'an empty message', 'nothing to send')).toBe(
      'The message is empty. Poke needs some text.',
    );
    sandbox.failNext({ kind: 'status', status: 400 });
    const mail = await use.press(flow, 'a good message', 'put an e-mail node here');
    expect(mail).toMatchObject({
      topic: 'Poke did not get a message',
      poke: { attempts: 1, status: 400, code: 'ERR_POKE_API' },
    });
    expect(mail).toHaveProperty(
      'payload',
      expect.stringMatching(/\(400\).*\n\nIt was to say: The front door is open$/s),
    );
  });
});
