import { runInNewContext } from 'node:vm';
import { type AnyNode, type Node, type ObjectExpression, parse } from 'acorn';
import { isRecord } from '../support/is-record.js';
import { asRecord } from './installed-package.js';

/** What the html file of a node set holds. */
export interface EditorHtml {
  readonly templateName: string;
  readonly template: string;
  readonly script: string;
}

/** A property as the editor knows it. */
export interface EditorProperty {
  readonly value: unknown;
  /** The type of the config node that it is the id of. */
  readonly type?: string;
  readonly validate?: (this: unknown, value: unknown, options?: object) => unknown;
}

/** What `registerType` was called with. */
export interface EditorDefinition {
  readonly type: string;
  readonly properties: ReadonlyMap<string, EditorProperty>;
  readonly definition: Readonly<Record<string, unknown>>;
}

const HTML =
  /^<script type="text\/html" data-template-name="([a-z-]+)">\n(.*?)<\/script>\n\n<script type="text\/javascript">\n(.*?)<\/script>\n$/s;

/** @throws when it is not one template and one script. */
export function readEditorHtml(html: string): EditorHtml {
  const [, templateName = '', template = '', script = ''] = HTML.exec(html) ?? [];
  if (script === '' || script.includes('<script')) throw new Error('This html is not as built.');
  return { templateName, template, script };
}

/** The members that a script's calls of `registerType` have as literals, by the type, which is one too. */
export function registeredLiterals(script: string): Map<string, Record<string, unknown>> {
  const registered = new Map<string, Record<string, unknown>>();
  for (const node of descendants(parse(script, { ecmaVersion: 'latest', sourceType: 'script' }))) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    const { property } = node.callee;
    if (property.type !== 'Identifier' || property.name !== 'registerType') continue;
    const [type, definition] = node.arguments;
    if (type?.type !== 'Literal' || definition?.type !== 'ObjectExpression') {
      throw new Error('registerType does not have a literal and an object literal.');
    }
    registered.set(String(type.value), literalMembers(definition));
  }
  return registered;
}

/** Runs the script as the editor does, and returns what it registers. */
export function runEditorScript(script: string): EditorDefinition {
  const calls: EditorDefinition[] = [];
  const registerType = (type: string, definition: Record<string, unknown>): void => {
    const properties = Object.entries(asRecord(definition['defaults'])).map(
      ([name, property]) => [name, asProperty(property)] as const,
    );
    calls.push({ type, definition, properties: new Map(properties) });
  };
  const validators = { typedInput: () => () => true };
  const events = { on: () => undefined };
  runInNewContext(script, { RED: { events, nodes: { registerType }, validators }, URL });
  const [call, ...more] = calls;
  if (!call || more.length > 0) throw new Error('The script registers not exactly one type.');
  return call;
}

function literalMembers({ properties }: ObjectExpression): Record<string, unknown> {
  const members = properties.flatMap((member) => {
    if (member.type !== 'Property' || member.key.type !== 'Identifier') {
      throw new Error('registerType has members that a reader cannot tell.');
    }
    return member.value.type === 'Literal' ? [[member.key.name, member.value.value] as const] : [];
  });
  return Object.fromEntries(members);
}

function* descendants(node: Node): Generator<AnyNode> {
  for (const child of Object.values(node).flat()) {
    if (!isNode(child)) continue;
    yield child;
    yield* descendants(child);
  }
}

function isNode(value: unknown): value is AnyNode {
  return isRecord(value) && typeof value['type'] === 'string';
}

function asProperty(value: unknown): EditorProperty {
  if (isProperty(value)) return value;
  throw new Error(`This is no property: ${JSON.stringify(value)}`);
}

function isProperty(value: unknown): value is EditorProperty {
  return isRecord(value) && 'value' in value;
}
