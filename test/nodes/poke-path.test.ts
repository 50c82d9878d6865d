import path from 'node:path';
import type { NodeAPI } from 'node-red';
import { expect, it } from 'vitest';
import { nameOfFile, pokePath } from '../../nodes/common/poke-path.js';
import { useNodes } from '../support/load-nodes.js';

const nodes = useNodes();

async function loaded(): Promise<NodeAPI> {
  const found: NodeAPI[] = [];
  await nodes.deploy([], { prepare: (RED) => found.push(RED) });
  const [RED] = found;
  if (!RED) throw new Error('Node-RED was not loaded.');
  return RED;
}

it.each(['8c1f.2a', 'ä/ö', '../..', '..', '.', '%2E', 'C:\\x'])(
  'an id of a node, %j, names a place in its own folder, and can be told from it',
  async (id) => {
    const RED = await loaded();
    Object.assign(RED.settings, { userDir: '/data' });
    const found = pokePath(RED, 'callbacks', id) ?? '';
    expect(path.dirname(path.normalize(found))).toBe(path.join('/data', 'poke', 'callbacks'));
    expect(nameOfFile(path.basename(found))).toBe(id);
  },
);

it('there is no place without a user directory', async () => {
  const RED = await loaded();
  Object.assign(RED.settings, { userDir: '' });
  expect(pokePath(RED, 'callbacks')).toBeUndefined();
});
