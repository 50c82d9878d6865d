import { type ErrorReason, InputError } from '../../src/index.js';
import { isCallSeconds, MAX_CALL_SECONDS } from '../../src/shared/limits.js';
import { numberIn } from '../../src/shared/number-in.js';
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
    timeoutMs: milliseconds(fields.timeout, 'answerTimeUnusable'),
    maxDurationMs: milliseconds(fields.maxDuration, 'finishTimeUnusable'),
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

function milliseconds(value: number | string, otherwise: ErrorReason): number {
  const seconds = numberIn(value, isCallSeconds);
  if (seconds !== undefined) return seconds * 1000;
  throw new InputError(otherwise, { value: String(value).trim(), max: MAX_CALL_SECONDS });
}
