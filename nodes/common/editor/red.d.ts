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

/** The part of the editor's API that is used here, as Node-RED 4 and 5 have it. */
interface EditorApi {
  /** What the runtime lets the editor know of its settings. */
  settings: {
    /** With a slash at each end; missing when it is off. */
    httpNodeRoot?: string;
  };
  nodes: {
    registerType<TFields>(type: string, definition: NodeDefinition<TFields>): void;
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
