import { describe, expect, it } from 'vitest';
import { isRecord } from '../support/is-record.js';
import { readEditorHtml, runEditorScript } from './editor-html.js';
import {
  installedFiles,
  readInstalled,
  readInstalledJson,
  shippedSets,
} from './installed-package.js';

type FlowNode = Readonly<Record<string, unknown>>;

/** The core nodes that an example may have: each is in every Node-RED from 4.0 on. */
const core = new Set([
  ...['tab', 'group', 'subflow', 'comment', 'inject', 'debug', 'complete', 'catch', 'status'],
  ...['link in', 'link out', 'link call', 'function', 'switch', 'change', 'range', 'template'],
  ...['delay', 'trigger', 'rbe', 'http in', 'http response', 'split', 'join', 'sort', 'batch'],
  ...['mqtt in', 'mqtt out', 'mqtt-broker', 'http request', 'xml'],
]);

const editors = new Map(
  shippedSets().map(({ name, directory }) => {
    const html = readEditorHtml(readInstalled(`${directory}/${name}.html`));
    const editor = runEditorScript(html.script);
    return [editor.type, editor] as const;
  }),
);

const files = installedFiles().filter((file) => file.startsWith('examples/'));
const examples = files.map((file) => ({ file, flow: readFlow(file) }));
const allNodes = examples.flatMap(({ flow }) => flow);

function readFlow(file: string): FlowNode[] {
  const flow = readInstalledJson(file);
  if (Array.isArray(flow) && flow.every(isRecord)) return flow;
  throw new Error(`${file} is not a list of nodes.`);
}

/** The ids of other nodes that a node holds: its tab, its wires, its scope, its links, its config nodes. */
function referencesOf(node: FlowNode): unknown[] {
  const { z, g, wires, scope, links, type, broker } = node;
  const properties = editors.get(String(type))?.properties ?? new Map<string, { type?: string }>();
  const configs = [...properties].flatMap(([name, { type }]) =>
    type === undefined ? [] : [node[name]],
  );
  // The broker node itself has its address there.
  const brokers = type === 'mqtt-broker' ? [] : [broker];
  return [z, g, scope, links, wires, brokers, configs]
    .flat(3)
    .filter((id) => id !== undefined && id !== null && id !== '');
}

describe('the examples', () => {
  it('show every node that can stand in a flow', () => {
    const types = new Set(allNodes.map(({ type }) => type));
    expect([...editors.keys()].filter((type) => !types.has(type))).toStrictEqual([]);
  });

  it('have no id twice, so that all of them can be imported together', () => {
    const ids = allNodes.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toStrictEqual([]);
  });

  it('are named so that a menu can list them in order', () => {
    for (const file of files) expect(file).toMatch(/^examples\/\d\d [A-Z][\w ]+\.json$/);
  });
});

describe.each(examples)('$file', ({ flow }) => {
  const ids = new Set(flow.map(({ id }) => id));

  it('has nodes of Node-RED and of this package only', () => {
    const types = flow.map(({ type }) => String(type));
    expect(types.filter((type) => !core.has(type) && !editors.has(type))).toStrictEqual([]);
  });

  it('has one tab, and words on it', () => {
    const [tab, ...more] = flow.filter(({ type }) => type === 'tab');
    expect(more).toStrictEqual([]);
    expect(tab?.['label']).toMatch(/\w/);
    expect(tab?.['info']).toMatch(/\w/);
    const comments = flow.filter(({ type }) => type === 'comment');
    expect(comments.length).toBeGreaterThan(0);
    for (const { name } of comments) expect(name).toMatch(/\w/);
  });

  it('refers to nothing outside itself', () => {
    const references = flow.flatMap(referencesOf);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((id) => !ids.has(id))).toStrictEqual([]);
  });

  it('holds no secret', () => {
    expect(flow.filter((node) => 'credentials' in node)).toStrictEqual([]);
    expect(JSON.stringify(flow)).not.toMatch(/apiKey|webhookToken|accessKey|"pk_|eyJ/);
  });

  it('has its nodes as the editor of this version saves them', () => {
    for (const node of flow) {
      const editor = editors.get(String(node['type']));
      if (!editor) continue;
      const place = editor.definition['category'] === 'config' ? [] : ['z', 'x', 'y', 'wires'];
      const saved = ['id', 'type', ...place, ...editor.properties.keys()];
      expect(Object.keys(node).sort()).toStrictEqual(saved.sort());
    }
  });

  it('has no node on top of another', () => {
    const places = flow
      .filter(({ x }) => x !== undefined)
      .map(({ x, y }) => `${String(x)},${String(y)}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
