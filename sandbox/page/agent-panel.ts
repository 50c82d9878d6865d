import { isRecord } from '../is-record.js';
import { byId, make } from './dom.js';

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
}

/** The server of the example "Start the vacuum", in a Node-RED with its default port or the one that the address names. */
const nodeRedPort = new URLSearchParams(location.search).get('node-red-port') ?? '1880';
const exampleUrl = `http://127.0.0.1:${nodeRedPort}/poke/vacuum`;

let tools: readonly Tool[] = [];

/** Prepares the forms by which the agent lists and calls the tools of an MCP server. */
export function setUpAgent(): void {
  byId('agent-url', HTMLInputElement).value = exampleUrl;
  byId('agent', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void askForTools();
  });
  byId('agent-call', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void call();
  });
  byId('agent-tool', HTMLSelectElement).addEventListener('change', showTool);
}

async function askForTools(): Promise<void> {
  const answer = await ask('/sandbox/agent/tools', server());
  const list = isRecord(answer) ? answer['tools'] : undefined;
  if (!Array.isArray(list)) {
    return;
  }
  tools = list.filter(isTool);
  const options = tools.map(({ name }) => make('option', { text: name }));
  byId('agent-tool', HTMLSelectElement).replaceChildren(...options);
  byId('agent-call', HTMLFormElement).hidden = tools.length === 0;
  const instructions = isRecord(answer) ? String(answer['instructions']) : '';
  showResult(instructions === '' ? `It has ${tools.length} tools.` : instructions);
  showTool();
}

async function call(): Promise<void> {
  const text = byId('agent-arguments', HTMLTextAreaElement).value.trim();
  let args: unknown;
  try {
    args = text === '' ? {} : JSON.parse(text);
  } catch {
    showResult('The arguments are not JSON.');
    return;
  }
  const result = await ask('/sandbox/agent/call', {
    ...server(),
    tool: byId('agent-tool', HTMLSelectElement).value,
    arguments: args,
    waitForUpdates: byId('agent-wait', HTMLInputElement).checked,
  });
  if (result !== undefined) {
    showResult(textsOf(result));
  }
}

function server(): object {
  return {
    url: byId('agent-url', HTMLInputElement).value,
    accessKey: byId('agent-key', HTMLInputElement).value,
  };
}

/** Undefined when it went wrong, which is then shown. */
async function ask(path: string, body: object): Promise<unknown> {
  showResult('…');
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer: unknown = await response.json();
    if (response.ok) {
      return answer;
    }
    showResult(isRecord(answer) ? String(answer['error']) : `It answered ${response.status}.`);
  } catch {
    showResult('The sandbox does not answer. Is it still running?');
  }
  return undefined;
}

function showTool(): void {
  const name = byId('agent-tool', HTMLSelectElement).value;
  const tool = tools.find((candidate) => candidate.name === name);
  byId('agent-description', HTMLElement).textContent = tool?.description ?? '';
  const example = JSON.stringify(exampleOf(tool?.inputSchema), null, 2);
  byId('agent-arguments', HTMLTextAreaElement).value = example;
}

/** Something to begin with: each parameter with its first option, or an empty value of its type. */
function exampleOf(schema: unknown): object {
  const properties = isRecord(schema) ? schema['properties'] : undefined;
  const entries = isRecord(properties) ? Object.entries(properties) : [];
  return Object.fromEntries(entries.map(([name, property]) => [name, valueFor(property)]));
}

function valueFor(property: unknown): unknown {
  if (!isRecord(property)) {
    return '';
  }
  const options = property['enum'];
  if (Array.isArray(options)) {
    return options.at(0) as unknown;
  }
  const empty: Record<string, unknown> = { number: 0, integer: 0, boolean: true, array: [] };
  const type = String(property['type']);
  return type === 'object' ? {} : (empty[type] ?? '');
}

function textsOf(result: unknown): string {
  const content = isRecord(result) ? result['content'] : undefined;
  const parts: unknown[] = Array.isArray(content) ? content : [];
  const texts = parts.map((part) =>
    isRecord(part) && typeof part['text'] === 'string' ? part['text'] : '',
  );
  const isError = isRecord(result) && result['isError'] === true;
  return (isError ? 'It failed: ' : '') + texts.join('\n');
}

function showResult(text: string): void {
  const result = byId('agent-result', HTMLElement);
  result.textContent = text;
  result.scrollIntoView({ block: 'nearest' });
}

function isTool(value: unknown): value is Tool {
  return isRecord(value) && typeof value['name'] === 'string';
}
