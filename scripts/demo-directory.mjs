import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { callableBySandbox } from './callable-by-sandbox.mjs';
import { brokerPortVariable } from './demo-broker.mjs';
import { quietNodeRedSettings, settingsFileText } from './node-red-settings.mjs';
import { projectPath } from './project-path.mjs';

/** Where the demo's Node-RED keeps its flows and settings. */
export const demoDirectory = projectPath('build', 'demo');
const flowFile = path.join(demoDirectory, 'flows.json');

/**
 * Makes the demo's user directory, with the example flows in it. Flows that are there already are kept, they may hold
 * a person's work, unless `reset` is true.
 * @param {{ port: number, reset: boolean }} options
 * @returns the settings file, and whether earlier flows were kept
 */
export function prepareDemoDirectory({ port, reset }) {
  if (reset) rmSync(demoDirectory, { recursive: true, force: true });
  mkdirSync(demoDirectory, { recursive: true });
  const keptFlows = existsSync(flowFile);
  if (!keptFlows) writeFileSync(flowFile, JSON.stringify(exampleFlows(), null, 4));
  const settings = { ...quietNodeRedSettings({ port }), nodesDir: [projectPath()] };
  const settingsFile = path.join(demoDirectory, 'settings.js');
  writeFileSync(settingsFile, settingsFileText(settings));
  return { settingsFile, keptFlows };
}

/** All example flows as one, in the order of their files' names. */
function exampleFlows() {
  const directory = projectPath('examples');
  const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
  /** @type {Map<string, { text: string, name: string }>} */
  const nodes = new Map();
  for (const name of names.sort()) {
    for (const node of readFlow(path.join(directory, name))) {
      const text = JSON.stringify(node);
      const earlier = nodes.get(node.id);
      if (earlier && earlier.text !== text) {
        throw new Error(
          `Two different nodes have the id ${node.id}: in ${earlier.name} and ${name}.`,
        );
      }
      nodes.set(node.id, { text, name });
    }
  }
  const parsed = [...nodes.values()].map(({ text }) => JSON.parse(text));
  return shareAccounts(parsed.map(withDemoBroker).map(callableBySandbox));
}

/**
 * Each example brings an account of its own. Together they would be a dozen that nobody can tell apart, so those
 * with the same settings become one.
 * @param {{ id: string, type: string, account?: string }[]} nodes
 */
function shareAccounts(nodes) {
  /** @type {Map<string, string>} */
  const firstWith = new Map();
  /** @type {Map<string, string>} */
  const sharedIds = new Map();
  for (const { id, ...settings } of nodes.filter(({ type }) => type === 'poke-account')) {
    const text = JSON.stringify(settings);
    sharedIds.set(id, firstWith.get(text) ?? id);
    if (!firstWith.has(text)) firstWith.set(text, id);
  }
  const kept = nodes.filter(({ id }) => (sharedIds.get(id) ?? id) === id);
  return kept.map((node) => {
    const account = sharedIds.get(node.account ?? '');
    return account === undefined ? node : { ...node, account };
  });
}

/**
 * The port may be another one at the next start, and what the demo changes in a flow is kept.
 * @param {{ id: string, type: string }} node
 */
function withDemoBroker(node) {
  return node.type === 'mqtt-broker' ? { ...node, port: `\${${brokerPortVariable}}` } : node;
}

/**
 * @param {string} file
 * @returns {{ id: string, type: string }[]}
 */
function readFlow(file) {
  const flow = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(flow) || !flow.some((node) => node.type === 'tab')) {
    throw new Error(`${file} is not a flow with a tab: export the whole tab from the editor.`);
  }
  return flow;
}
