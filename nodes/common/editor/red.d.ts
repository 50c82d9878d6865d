import type { WidgetEditableList, WidgetTypedInput } from '@node-red/editor-client';

/** Looks a text up in the message catalogue; `__name__` marks are filled from `values`. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export interface NodeInstance {
  id: string;
  _: Translate;
  _def: {
    defaults: Record<
      string,
      { validate?: (value: string, options: ValidatorOptions) => boolean | string }
    >;
  };
}

interface ValidatorOptions {
  label?: string;
}

/** A validator that takes two parameters may say in words what is wrong. */
type Validator<TNode, TValue> = (
  this: TNode,
  value: TValue,
  options: ValidatorOptions | undefined,
) => boolean | string;

interface PropertyDefinition<TNode, TValue> {
  value: TValue;
  required?: boolean;
  /** The type of the config node that the property is the id of. */
  type?: string;
  /** What Node-RED calls the property in its own words about it. */
  label?: string;
  validate?: Validator<TNode, TValue>;
}

interface NodeDefinition<TFields, TNode = TFields & NodeInstance> {
  category: string;
  color?: string;
  icon?: string;
  inputs?: 0 | 1;
  outputs?: number;
  align?: 'left' | 'right';
  defaults: { [Name in keyof TFields]: PropertyDefinition<TNode, TFields[Name]> };
  credentials?: Record<string, { type: 'text' | 'password' }>;
  paletteLabel?: (this: TNode) => string;
  label?: (this: TNode) => string;
  labelStyle?: (this: TNode) => string;
  oneditprepare?: (this: TNode) => void;
  oneditsave?: (this: TNode) => void;
}

/** An element, with more to it. */
interface Notification extends HTMLElement {
  close(): void;
}

/** What `registerPlugin` adds to a definition is what it is called on. */
interface PluginDefinition {
  onadd: (this: PluginDefinition & { _: Translate }) => void;
}

interface SidebarTab {
  id: string;
  label: string;
  name: string;
  iconClass: string;
  content: JQuery;
  /** Called when the tab comes to the front, before it is visible. */
  onchange: () => void;
}

interface NotifyOptions {
  modal?: boolean;
  fixed?: boolean;
  type?: 'warning' | 'error' | 'success';
  buttons?: { text: string; class?: string; click: () => void }[];
}

interface FlowNode {
  id: string;
  type: string;
}

/** The part of the editor's API that is used here, as Node-RED 4 and 5 have it. */
interface EditorApi {
  comms: {
    subscribe(topic: string, callback: (topic: string, data: unknown) => void): void;
  };
  editor: {
    editConfig(name: string, type: string, id: string): void;
    validateNode(node: FlowNode): boolean;
  };
  events: {
    on(event: 'sidebar:resize', listener: () => void): void;
    on(event: 'nodes:add' | 'nodes:remove', listener: (node: FlowNode) => void): void;
  };
  i18n: {
    lang(): string;
  };
  nodes: {
    eachNode(callback: (node: FlowNode) => void): void;
    /** A node of the editor, deployed or not. */
    node(id: string): object | null;
    registerType<TFields>(type: string, definition: NodeDefinition<TFields>): void;
  };
  notify(text: string, options: NotifyOptions): Notification;
  plugins: {
    registerPlugin(id: string, definition: PluginDefinition): void;
  };
  /** What the runtime lets the editor know of its settings. */
  settings: {
    /** With a slash at each end; missing when it is off. */
    httpNodeRoot?: string;
  };
  sidebar: {
    addTab(tab: SidebarTab): void;
  };
  user: {
    hasPermission(permission: string): boolean;
  };
  utils: {
    getNodeLabel(node: object, otherwise: string): string;
    validatePropertyExpression(expression: string): boolean;
  };
  view: {
    redraw(): void;
    reveal(id: string): void;
  };
  validators: {
    typedInput(options: { typeField: string; isConfig?: boolean }): Validator<NodeInstance, string>;
  };
}

declare global {
  const RED: EditorApi;

  interface JQuery {
    editableList: WidgetEditableList;
    typedInput: WidgetTypedInput;
  }
}
