import { type ActiveFault, endpoints, errorBodies } from './fault.js';
import { isRecord } from './is-record.js';

const maxWaitMs = 3_600_000;
const maxHeaderLength = 2_000;
const kinds = [
  'status',
  'garbage',
  'rejected',
  'slow',
  'hang',
  'drip',
  'reset',
  'redirect',
] as const;

/** Says in words what is wrong with the description of a fault. */
export class FaultInputError extends Error {
  override readonly name = 'FaultInputError';
}

/** Reads the fields of an input one by one, and knows which were never asked for. */
class Fields {
  readonly #input: Record<string, unknown>;
  readonly #unread: Set<string>;

  constructor(input: Record<string, unknown>) {
    this.#input = input;
    this.#unread = new Set(Object.keys(input));
  }

  integer(name: string, min: number, max: number): number {
    const value = this.#read(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw this.#problem(name, `a whole number from ${min} to ${max}`, value);
    }
    return value;
  }

  headerText(name: string): string {
    const value = this.#read(name);
    const isUsable = typeof value === 'string' && /^[!-~]([ -~]*[!-~])?$/.test(value);
    if (!isUsable || value.length > maxHeaderLength) {
      throw this.#problem(name, 'printable ASCII text that fits in a header', value);
    }
    return value;
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    const value = this.#read(name);
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) {
      throw this.#problem(name, `one of ${choices.join(', ')}`, value);
    }
    return choice;
  }

  times(): number {
    const value = this.#input['times'];
    if (value === Number.POSITIVE_INFINITY) {
      this.#unread.delete('times');
      return 0;
    }
    return this.optional('times', () => this.integer('times', 0, 1_000_000)) ?? 1;
  }

  optional<T>(name: string, read: () => T): T | undefined {
    return this.#input[name] === undefined ? undefined : read();
  }

  refuseUnread(): void {
    const [name] = this.#unread;
    if (name !== undefined) {
      throw new FaultInputError(`A fault of this kind has no field ${JSON.stringify(name)}.`);
    }
  }

  #read(name: string): unknown {
    this.#unread.delete(name);
    return this.#input[name];
  }

  #problem(name: string, expected: string, value: unknown): FaultInputError {
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    return new FaultInputError(`"${name}" must be ${expected}; got ${got}.`);
  }
}

function parseEffect(fields: Fields, target: Pick<ActiveFault, 'times' | 'endpoint'>): ActiveFault {
  const kind = fields.oneOf('kind', kinds);
  switch (kind) {
    case 'status':
      return {
        kind,
        status: fields.integer('status', 200, 599),
        body: fields.optional('body', () => fields.oneOf('body', errorBodies)),
        retryAfter: fields.optional('retryAfter', () => fields.headerText('retryAfter')),
        retryAfterMs: fields.optional('retryAfterMs', () =>
          fields.integer('retryAfterMs', 0, Number.MAX_SAFE_INTEGER),
        ),
        ...target,
      };
    case 'slow':
      return { kind, delayMs: fields.integer('delayMs', 0, maxWaitMs), ...target };
    case 'drip':
      return { kind, intervalMs: fields.integer('intervalMs', 1, maxWaitMs), ...target };
    case 'reset':
      return { kind, when: fields.oneOf('when', ['before-body', 'after-body']), ...target };
    case 'redirect':
      return { kind, location: fields.headerText('location'), ...target };
    case 'garbage':
    case 'rejected':
    case 'hang':
      return { kind, ...target };
  }
}

/** Turns a description from outside into a fault, or throws a FaultInputError that says what is wrong. */
export function parseFault(input: unknown): ActiveFault {
  if (!isRecord(input)) {
    throw new FaultInputError(
      'A fault must be a JSON object such as {"kind": "status", "status": 500}.',
    );
  }
  const fields = new Fields(input);
  const times = fields.times();
  const endpoint = fields.optional('endpoint', () => fields.oneOf('endpoint', endpoints));
  const fault = parseEffect(fields, { times, endpoint });
  fields.refuseUnread();
  return fault;
}
