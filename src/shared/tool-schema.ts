/** The types that a parameter of a tool can have. */
export const PARAM_TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;

/** One parameter of a tool, as the dialog has it. */
export interface ToolParam {
  name: string;
  /** One of `PARAM_TYPES`. */
  type: string;
  description: string;
  required: boolean;
  /** The only values that it may have. */
  options?: string[];
}

/** Why the parameters of a tool cannot be used; `name` is the one it is about. */
export interface ParamProblem {
  readonly reason: 'paramNameMissing' | 'paramNameTaken' | 'paramTypeUnknown' | 'paramOptionUnfit';
  readonly name: string;
}

/** Why a JSON Schema text cannot be used. */
export type SchemaProblem = 'schemaNotJson' | 'schemaNotObject';

/** What agents accept as the name of a tool (source: the model providers' rules for function names). */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** True for 1 to 64 letters, digits, `_` and `-`. */
export function isToolName(name: string): boolean {
  return TOOL_NAME.test(name);
}

/** What is wrong with `params`, or `undefined`. */
export function paramProblem(params: readonly ToolParam[]): ParamProblem | undefined {
  const names = new Set<string>();
  for (const { name, type, options = [] } of params) {
    if (name.trim() === '') return { reason: 'paramNameMissing', name };
    if (names.has(name)) return { reason: 'paramNameTaken', name };
    if (!PARAM_TYPES.some((known) => known === type)) return { reason: 'paramTypeUnknown', name };
    if (options.some((option) => optionValue(option, type) === undefined)) {
      return { reason: 'paramOptionUnfit', name };
    }
    names.add(name);
  }
  return undefined;
}

/** The JSON Schema of a tool with these parameters; it takes no others. */
export function schemaOf(params: readonly ToolParam[]): Record<string, unknown> {
  const required = params.filter((param) => param.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(params.map((param) => [param.name, propertyOf(param)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** The JSON Schema that a text is, or why it is none that a tool can have. */
export function parseSchema(text: string): Record<string, unknown> | SchemaProblem {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    return 'schemaNotJson';
  }
  if (!isObject(schema) || schema['type'] !== 'object') return 'schemaNotObject';
  return schema;
}

function propertyOf({ type, description, options = [] }: ToolParam): Record<string, unknown> {
  return {
    type,
    ...(description === '' ? {} : { description }),
    ...(options.length === 0 ? {} : { enum: options.map((option) => optionValue(option, type)) }),
  };
}

/** An option is written as text; of another type it means the JSON that the text is. */
function optionValue(option: string, type: string): unknown {
  if (type === 'string') return option;
  try {
    const value: unknown = JSON.parse(option);
    return isOfType(value, type) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
