import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_DEFAULTS } from '../../nodes/account/definition.js';
import { CREATE_WEBHOOK_DEFAULTS } from '../../nodes/create-webhook/definition.js';
import { FIRE_WEBHOOK_DEFAULTS } from '../../nodes/fire-webhook/definition.js';
import { MCP_SERVER_DEFAULTS } from '../../nodes/mcp-server/definition.js';
import { REPLY_DEFAULTS } from '../../nodes/reply/definition.js';
import { SEND_MESSAGE_DEFAULTS } from '../../nodes/send-message/definition.js';
import { TOOL_DEFAULTS } from '../../nodes/tool/definition.js';
import { WEBHOOK_DEFAULTS } from '../../nodes/webhook/definition.js';
import { readEditorHtml, registeredLiterals, runEditorScript } from './editor-html.js';
import {
  asRecord,
  installedDirectory,
  installedFiles,
  readInstalled,
  shippedSets,
} from './installed-package.js';
import { fieldsOf, markupProblems } from './template.js';

interface Contract {
  readonly type: string;
  /** What the editor, the scorecard and the Flow Library read off the html. */
  readonly literals: object;
  readonly defaults: object;
  /** The properties that are the id of a config node, and of which type. */
  readonly configNodes: object;
  readonly credentials?: object;
  /** What the runtime half falls back to. */
  readonly runtimeDefaults: object;
  /** The properties that the dialog has a table for, and no field. */
  readonly keptInTable?: readonly string[];
}

const contracts: Readonly<Record<string, Contract>> = {
  account: {
    type: 'poke-account',
    literals: { category: 'config' },
    defaults: {
      name: '',
      baseUrl: '',
      timeout: 15,
      expiry: 24,
      maxQueued: 10000,
      rateLimit: '',
      concurrency: 4,
      proxy: '',
      tls: '',
    },
    configNodes: { proxy: 'http proxy', tls: 'tls-config' },
    credentials: { apiKey: { type: 'password' } },
    runtimeDefaults: ACCOUNT_DEFAULTS,
  },
  'create-webhook': {
    type: 'poke-create-webhook',
    literals: {
      category: 'poke',
      color: '#C7E9C0',
      icon: 'poke-create-webhook.svg',
      inputs: 1,
      outputs: 1,
    },
    defaults: {
      name: '',
      account: '',
      condition: '',
      conditionType: 'str',
      action: '',
      actionType: 'str',
      once: true,
      output: 'webhook',
      hideToken: false,
    },
    configNodes: { account: 'poke-account' },
    runtimeDefaults: CREATE_WEBHOOK_DEFAULTS,
  },
  'fire-webhook': {
    type: 'poke-fire-webhook',
    literals: {
      category: 'poke',
      color: '#C7E9C0',
      icon: 'poke-fire-webhook.svg',
      inputs: 1,
      outputs: 1,
    },
    defaults: {
      name: '',
      account: '',
      webhook: '',
      source: 'webhook',
      sourceType: 'msg',
      data: 'payload',
      dataType: 'msg',
      delivery: 'durable',
      latestOnly: false,
    },
    configNodes: { account: 'poke-account', webhook: 'poke-webhook' },
    runtimeDefaults: FIRE_WEBHOOK_DEFAULTS,
  },
  'mcp-server': {
    type: 'poke-mcp-server',
    literals: { category: 'config' },
    defaults: { name: '', path: '/poke/mcp', instructions: '', open: false, callbackHosts: '' },
    configNodes: {},
    credentials: { accessKey: { type: 'password' } },
    runtimeDefaults: MCP_SERVER_DEFAULTS,
  },
  reply: {
    type: 'poke-reply',
    literals: {
      category: 'poke',
      color: '#C7E9C0',
      icon: 'poke-reply.svg',
      align: 'right',
      inputs: 1,
      outputs: 0,
    },
    defaults: { name: '', content: 'payload', contentType: 'msg', final: true },
    configNodes: {},
    runtimeDefaults: REPLY_DEFAULTS,
  },
  'send-message': {
    type: 'poke-send-message',
    literals: {
      category: 'poke',
      color: '#C7E9C0',
      icon: 'poke-send-message.svg',
      inputs: 1,
      outputs: 1,
    },
    defaults: {
      name: '',
      account: '',
      message: 'payload',
      messageType: 'msg',
      context: '',
      contextType: 'json',
      delivery: 'durable',
      latestOnly: false,
    },
    configNodes: { account: 'poke-account' },
    runtimeDefaults: SEND_MESSAGE_DEFAULTS,
  },
  tool: {
    type: 'poke-tool',
    literals: {
      category: 'poke',
      color: '#C7E9C0',
      icon: 'poke-tool.svg',
      inputs: 0,
      outputs: 1,
    },
    defaults: {
      name: '',
      server: '',
      tool: '',
      title: '',
      description: '',
      params: [],
      schema: '',
      readOnly: false,
      destructive: false,
      timeout: 25,
      maxDuration: 900,
    },
    configNodes: { server: 'poke-mcp-server' },
    runtimeDefaults: TOOL_DEFAULTS,
    keptInTable: ['params'],
  },
  webhook: {
    type: 'poke-webhook',
    literals: { category: 'config' },
    defaults: {
      name: '',
      account: '',
      condition: '',
      action: '',
      triggerId: '',
      webhookUrl: '',
    },
    configNodes: { account: 'poke-account' },
    credentials: { webhookToken: { type: 'password' } },
    runtimeDefaults: WEBHOOK_DEFAULTS,
  },
};

/** Names that Node-RED's editor keeps for itself. */
const reserved =
  /^(?:.|id|type|wires|users|changed|dirty|moved|selected|valid|validationErrors|inputLabels|outputLabels|_config|_def|_orig)$/;

interface RuntimeRegistration {
  readonly type: string;
  readonly options: unknown;
}

/** Loads a compiled node as Node-RED does. */
function loadRuntime(file: string): RuntimeRegistration[] {
  const loaded: unknown = createRequire(import.meta.url)(path.join(installedDirectory(), file));
  const register = asRecord(loaded)['default'];
  const registrations: RuntimeRegistration[] = [];
  const RED = {
    nodes: {
      registerType: (type: string, _constructor: unknown, options: unknown) => {
        registrations.push({ type, options });
      },
    },
    httpAdmin: { post: () => undefined },
    httpNode: { use: () => undefined },
    settings: {},
    events: { on: () => undefined },
    auth: { needsPermission: () => () => undefined },
  };
  if (typeof register !== 'function') throw new Error(`${file} exports no function.`);
  Reflect.apply(register, undefined, [RED]);
  return registrations;
}

it('every set of package.json has a contract here, and the other way round', () => {
  expect(shippedSets().map(({ name }) => name)).toStrictEqual(Object.keys(contracts));
});

describe.each(shippedSets())('the set $name', ({ name, directory }) => {
  const contract = contracts[name]!;
  const html = readEditorHtml(readInstalled(`${directory}/${name}.html`));
  const editor = runEditorScript(html.script);
  const properties = [...editor.properties];

  it('has all its files where Node-RED looks for them', () => {
    const kinds = [
      `${name}.js`,
      `${name}.html`,
      `locales/en-US/${name}.json`,
      `locales/en-US/${name}.html`,
    ];
    expect(installedFiles()).toStrictEqual(
      expect.arrayContaining(kinds.map((kind) => `${directory}/${kind}`)),
    );
  });

  it('registers one type, under the same name in both halves', () => {
    expect(html.templateName).toBe(contract.type);
    expect(editor.type).toBe(contract.type);
    expect(loadRuntime(`${directory}/${name}.js`).map(({ type }) => type)).toStrictEqual([
      contract.type,
    ]);
  });

  it('says in literals what readers of the html look for', () => {
    expect(registeredLiterals(html.script)).toStrictEqual(
      new Map([[contract.type, contract.literals]]),
    );
  });

  it('has the properties of the contract, with the same defaults in both halves', () => {
    const defaults = Object.fromEntries(properties.map(([key, { value }]) => [key, value]));
    // What the script of the html makes is of another realm.
    expect(JSON.parse(JSON.stringify(defaults))).toStrictEqual(contract.defaults);
    expect(contract.runtimeDefaults).toStrictEqual(contract.defaults);
  });

  it('names the config nodes that it uses', () => {
    const uses = properties.flatMap(([key, { type }]) => (type === undefined ? [] : [[key, type]]));
    expect(Object.fromEntries(uses)).toStrictEqual(contract.configNodes);
  });

  it('keeps its secrets in the credential store, in both halves', () => {
    const { credentials } = editor.definition;
    expect(credentials && JSON.parse(JSON.stringify(credentials))).toStrictEqual(
      contract.credentials,
    );
    const [{ options } = { options: undefined }] = loadRuntime(`${directory}/${name}.js`);
    expect(options).toStrictEqual(contract.credentials && { credentials: contract.credentials });
  });

  it('uses no name that Node-RED keeps for itself', () => {
    const names = [...editor.properties.keys(), ...Object.keys(contract.credentials ?? {})];
    expect(names.filter((key) => reserved.test(key))).toStrictEqual([]);
  });

  it('has validators that may answer in words', () => {
    const lengths = properties.flatMap(([, { validate }]) => (validate ? [validate.length] : []));
    expect(new Set(lengths)).toStrictEqual(new Set([2]));
  });

  it('has a field for every property, and a label for every field', () => {
    const { fields, labelled } = fieldsOf(html.template, contract.literals);
    const saved = [...editor.properties.keys(), ...Object.keys(contract.credentials ?? {})];
    expect([...fields, ...(contract.keptInTable ?? [])].sort()).toStrictEqual(saved.sort());
    expect(fields.filter((field) => !field.endsWith('Type')).sort()).toStrictEqual(labelled.sort());
  });

  it('has a dialog in proper html', () => {
    expect(markupProblems(html.template)).toStrictEqual([]);
  });

  it('has an icon that is shipped, of the size that Node-RED wants', () => {
    const { icon } = editor.definition;
    const icons = installedFiles().filter((file) =>
      /^dist\/nodes\/[^/]+\/icons\/[^/]+\.svg$/.test(file),
    );
    const own = icons.filter((file) => path.posix.basename(file) === icon);
    expect(own).toHaveLength('icon' in contract.literals ? 1 : 0);
    for (const file of own) expect(readInstalled(file)).toMatch(/^<svg [^>]*viewBox="0 0 40 60"/);
  });
});
