import { InputError } from '../../src/index.js';
import { paramProblem, parseSchema, schemaOf } from '../../src/shared/tool-schema.js';
import type { ToolFields } from './definition.js';

/** What the fields of a tool say about it. */
export interface ToolSettings {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly timeoutMs: number;
  readonly maxDurationMs: number;
}

/** @throws {InputError} that names the field which cannot be used. */
export function toolSettings(fields: ToolFields): ToolSettings {
  const name = fields.tool.trim();
  const description = fields.description.trim();
  if (description === '') throw new InputError('toolDescriptionMissing', { name });
  return {
    name,
    title: fields.title.trim(),
    description,
    inputSchema: inputSchema(fields),
    readOnly: fields.readOnly,
    destructive: fields.destructive,
    timeoutMs: milliseconds('timeout', fields.timeout),
    maxDurationMs: milliseconds('maximum duration', fields.maxDuration),
  };
}

function inputSchema({ tool, schema, params }: ToolFields): Record<string, unknown> {
  if (schema.trim() !== '') {
    const parsed = parseSchema(schema);
    if (typeof parsed === 'string') throw new InputError(parsed, { name: tool });
    return parsed;
  }
  const problem = paramProblem(params);
  if (problem) throw new InputError(problem.reason, { name: problem.name });
  return schemaOf(params);
}

function milliseconds(setting: string, value: number | string): number {
  const text = String(value).trim();
  const seconds = text === '' ? Number.NaN : Number(text);
  if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
    throw new InputError('durationUnusable', { setting, value: text });
  }
  return seconds * 1000;
}

/** The longest that a timer of Node.js can run, a day short of 25. */
const MAX_SECONDS = 24 * 86_400;
