import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBinary,
  isPlainObject,
  parseJson,
  toJsonText,
  typeName,
} from '../../../src/content/json.js';
import { failureOf } from '../failure-of.js';

/** What a Function node makes: objects of another realm. */
function inFunctionNode(expression: string): unknown {
  return vm.runInNewContext(`(${expression})`, { Buffer });
}

class Reading {
  readonly level = 3;
}

describe('isPlainObject', () => {
  it.each<[string, unknown]>([
    ['an object', { a: 1 }],
    ['an empty object', {}],
    ['an object without a prototype', Object.create(null)],
    ['an instance of a class', new Reading()],
    ['an error', new Error('no')],
    ['an object of a Function node', inFunctionNode('{a: 1}')],
    ['an object that says it is something else', { [Symbol.toStringTag]: 'Date' }],
  ])('takes %s', (_name, value) => {
    expect(isPlainObject(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'text'],
    ['a number', 7],
    ['a function', () => undefined],
    ['an array', []],
    ['an array of a Function node', inFunctionNode('[1]')],
    ['a Buffer', Buffer.from('a')],
    ['a typed array', new Uint8Array(2)],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['a Date', new Date()],
    ['a Date of a Function node', inFunctionNode('new Date(0)')],
    ['a Map', new Map()],
    ['a Map of a Function node', inFunctionNode('new Map()')],
    ['a Set', new Set()],
    ['a Promise', Promise.resolve()],
    ['a RegExp', /a/],
    ['a boxed text', Object('a')],
    ['a boxed number', Object(1)],
  ])('does not take %s', (_name, value) => {
    expect(isPlainObject(value)).toBe(false);
  });
});

describe('isBinary', () => {
  it.each<[string, unknown]>([
    ['a Buffer', Buffer.from('a')],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a SharedArrayBuffer', new SharedArrayBuffer(1)],
    ['a typed array of a Function node', inFunctionNode('new Float64Array(1)')],
    ['an ArrayBuffer of a Function node', inFunctionNode('new ArrayBuffer(1)')],
  ])('knows %s', (_name, value) => {
    expect(isBinary(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an array of numbers', [1, 2]],
    ['a Buffer that went through JSON', { type: 'Buffer', data: [1] }],
    ['nothing', undefined],
    ['a text', 'bytes'],
  ])('does not take %s for bytes', (_name, value) => {
    expect(isBinary(value)).toBe(false);
  });
});

describe('typeName', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'undefined'],
    ['', 'string'],
    [1n, 'bigint'],
    [Symbol('a'), 'symbol'],
    [() => undefined, 'function'],
    [Buffer.from(''), 'Buffer'],
    [new Uint8Array(), 'Uint8Array'],
    [[], 'Array'],
    [new Date(), 'Date'],
    [new Map(), 'Map'],
    [{}, 'object'],
    [inFunctionNode('[]'), 'Array'],
    [inFunctionNode('Buffer.from("a")'), 'Buffer'],
  ])('%# names the kind: %s is %s', (value, name) => {
    expect(typeName(value)).toBe(name);
  });
});

describe('toJsonText', () => {
  it('gives back any JSON value through JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(toJsonText(value))).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = { circular };

  it.each<[string, unknown, string]>([
    ['refers to itself', circular, 'Converting circular structure to JSON'],
    ['holds a BigInt', { a: 1n }, 'Do not know how to serialize a BigInt'],
    ['has a toJSON that throws', { toJSON: () => JSON.parse('{') as unknown }, 'Expected property'],
    [
      'has a toJSON that throws text',
      { toJSON: () => inFunctionNode('(()=>{throw "so"})()') },
      'so',
    ],
    [
      'has a toJSON of a Function node that throws',
      { toJSON: () => inFunctionNode('(()=>{throw new RangeError("far\\nside")})()') },
      'far',
    ],
    ['is undefined', undefined, 'it is undefined'],
    ['is a function', () => undefined, 'it is function'],
    ['has a toJSON that gives nothing', { toJSON: () => undefined }, 'it is object'],
  ])('says why, in one line, for what %s', async (_name, value, detail) => {
    const error = await failureOf(() => toJsonText(value));
    expect(error).toMatchObject({ name: 'InputError', requestSent: false });
    expect(error.reason).toBe(detail.startsWith('it is ') ? 'noJsonForm' : 'notJson');
    expect(error.message).toContain(detail);
    expect(error.message).not.toContain('\n');
  });
});

describe('parseJson', () => {
  it.each(['', '{', '<html>', "{'a':1}", 'undefined', '{"a":1}x'])('has nothing for %j', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it('reads __proto__ as a name like any other', () => {
    const value = parseJson('{"__proto__":{"admin":true}}');
    expect(isPlainObject(value) && Object.keys(value)).toStrictEqual(['__proto__']);
    expect(value).not.toHaveProperty('admin');
  });
});
