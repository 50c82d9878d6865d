import { describe, expect, it } from 'vitest';
import {
  isToolName,
  paramProblem,
  parseSchema,
  schemaOf,
  type ToolParam,
} from '../../../src/shared/tool-schema.js';

const param = (fields: Partial<ToolParam>): ToolParam => ({
  name: 'room',
  type: 'string',
  description: '',
  required: false,
  ...fields,
});

describe('schemaOf', () => {
  it('of no parameters takes none', () => {
    expect(schemaOf([])).toStrictEqual({
      type: 'object',
      properties: {},
      additionalProperties: false,
    });
  });

  it('has types, descriptions, options and what is required', () => {
    expect(
      schemaOf([
        param({ description: 'Which room', required: true, options: ['bath', 'hall'] }),
        param({ name: 'times', type: 'integer', options: ['1', '2'] }),
        param({ name: 'dry', type: 'boolean', options: [] }),
        param({ name: '__proto__', type: 'array' }),
      ]),
    ).toStrictEqual({
      type: 'object',
      properties: Object.fromEntries<unknown>([
        ['room', { type: 'string', description: 'Which room', enum: ['bath', 'hall'] }],
        ['times', { type: 'integer', enum: [1, 2] }],
        ['dry', { type: 'boolean' }],
        ['__proto__', { type: 'array' }],
      ]),
      required: ['room'],
      additionalProperties: false,
    });
  });
});

describe('paramProblem', () => {
  it('is none of good parameters', () => {
    expect(
      paramProblem([
        param({}),
        param({ name: 'a', type: 'number', options: ['1.5', '-2'] }),
        param({ name: 'b', type: 'boolean', options: ['true'] }),
        param({ name: 'c', type: 'array', options: ['[1]'] }),
        param({ name: 'd', type: 'object', options: ['{"a":1}'] }),
      ]),
    ).toBeUndefined();
  });

  it.each<[readonly ToolParam[], string]>([
    [[param({ name: ' ' })], 'paramNameMissing'],
    [[param({}), param({})], 'paramNameTaken'],
    [[param({ type: 'text' })], 'paramTypeUnknown'],
    [[param({ type: 'number', options: ['1', 'two'] })], 'paramOptionUnfit'],
    [[param({ type: 'integer', options: ['1.5'] })], 'paramOptionUnfit'],
    [[param({ type: 'boolean', options: ['1'] })], 'paramOptionUnfit'],
    [[param({ type: 'array', options: ['{}'] })], 'paramOptionUnfit'],
    [[param({ type: 'object', options: ['[]'] })], 'paramOptionUnfit'],
    [[param({ type: 'object', options: ['null'] })], 'paramOptionUnfit'],
  ])('of %j is %s', (params, reason) => {
    expect(paramProblem(params)).toMatchObject({ reason });
  });
});

describe('parseSchema', () => {
  it('returns the schema that a text is', () => {
    expect(parseSchema('{"type":"object","properties":{}}')).toStrictEqual({
      type: 'object',
      properties: {},
    });
  });

  it.each([
    ['', 'schemaNotJson'],
    ['{', 'schemaNotJson'],
    ['[]', 'schemaNotObject'],
    ['null', 'schemaNotObject'],
    ['{}', 'schemaNotObject'],
    ['{"type":"string"}', 'schemaNotObject'],
  ])('of "%s" says %s', (text, problem) => {
    expect(parseSchema(text)).toBe(problem);
  });
});

describe('isToolName', () => {
  it.each(['a', 'start_vacuum', 'Start-2', 'x'.repeat(64)])('takes %s', (name) => {
    expect(isToolName(name)).toBe(true);
  });

  it.each(['', ' a', 'a b', 'ä', 'a.b', 'x'.repeat(65)])('takes no "%s"', (name) => {
    expect(isToolName(name)).toBe(false);
  });
});
