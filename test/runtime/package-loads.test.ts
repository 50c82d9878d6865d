import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { textLike } from '../sandbox/matchers.js';
import { isRecord } from '../support/is-record.js';
import { usePokeRuntime, versions } from './poke-runtime.js';

const packageName = '@poke-nodes/node-red-poke';
const nodes = [
  { set: 'account', type: 'poke-account' },
  { set: 'create-webhook', type: 'poke-create-webhook' },
  { set: 'fire-webhook', type: 'poke-fire-webhook' },
  { set: 'mcp-server', type: 'poke-mcp-server' },
  { set: 'reply', type: 'poke-reply' },
  { set: 'send-message', type: 'poke-send-message' },
  { set: 'tool', type: 'poke-tool' },
  { set: 'webhook', type: 'poke-webhook' },
] as const;

describe.each(versions)('Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version, () => ({}));

  async function json(path: string): Promise<unknown> {
    const response = await runtime.current.nodeRed.get(path);
    expect(response.status).toBe(200);
    return response.json();
  }

  async function record(path: string): Promise<Record<string, unknown>> {
    const answer = await json(path);
    if (!isRecord(answer)) throw new Error(`${path} answers no object.`);
    return answer;
  }

  it('loads every set of nodes without an error', async () => {
    const sets = await runtime.current.nodeRed.nodes();
    const own = sets.filter(({ module }) => module === packageName);
    expect(own.map(({ name, types, enabled, err }) => ({ name, types, enabled, err }))).toEqual(
      nodes.map(({ set, type }) => ({ name: set, types: [type], enabled: true, err: undefined })),
    );
  });

  it('has nothing to warn of at its start', () => {
    expect(runtime.current.nodeRed.log()).toContain('Started flows');
    expect(runtime.current.complaints()).toEqual([]);
  });

  it('serves each node in one html, with its dialog', async () => {
    const html = await (await runtime.current.nodeRed.get('/nodes', 'text/html')).text();
    for (const { type } of nodes) {
      expect(html.split(`data-template-name="${type}"`)).toHaveLength(2);
      expect(html.split(`registerType("${type}"`)).toHaveLength(2);
      expect(html.split(`data-help-name="${type}"`)).toHaveLength(2);
    }
  });

  it('serves the icon that the palette shows', async () => {
    const icons = await record('/icons');
    expect(icons[packageName]).toEqual([
      'poke-create-webhook.svg',
      'poke-fire-webhook.svg',
      'poke-reply.svg',
      'poke-send-message.svg',
      'poke-tool.svg',
    ]);
    const icon = await runtime.current.nodeRed.get(
      `/icons/${packageName}/poke-send-message.svg`,
      'image/*',
    );
    expect(icon.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(await icon.text()).toMatch(/^<svg[^>]*>/);
  });

  it.each(nodes)('serves the English texts of $type', async ({ set }) => {
    const catalogue = await record(`/nodes/${packageName}/${set}/messages?lng=en-US`);
    expect(catalogue).toMatchObject({
      palette: { label: { poke: 'Poke' } },
      label: { name: 'Name' },
      sent: 'sent',
      errors: { keyMissing: textLike(/^No API key\./) },
    });
  });

  it('offers every example for import, as it is in the repository', async () => {
    const names = readdirSync(projectPath('examples')).map((file) => file.replace(/\.json$/, ''));
    expect(names.length).toBeGreaterThan(0);
    expect(await json('/library/examples/flows')).toContain(packageName);
    expect(await json(`/library/examples/flows/${packageName}`)).toEqual(
      names.sort().map((fn) => ({ fn })),
    );
    for (const name of names) {
      const path = `${packageName}/${encodeURIComponent(name)}`;
      const flow = await json(`/library/examples/flows/${path}`);
      expect(Array.isArray(flow) && flow.every(isRecord)).toBe(true);
    }
  });
});
