/** What a debug node has shown. */
export interface DebugMessage {
  /** Node-RED's word for the kind of value, for example `Object` or `string[5]`. */
  readonly format: string;
  /** Objects, arrays, numbers and booleans as they were; all else as text. */
  readonly value: unknown;
}

const isJson = /^(Object|array|number|boolean|error|set|map)/;

/** Reads what Node-RED tells its editors of a debug message. */
export function readDebugMessage({ format, msg }: Readonly<Record<string, unknown>>): DebugMessage {
  const kind = String(format);
  if (typeof msg !== 'string' || !isJson.test(kind)) return { format: kind, value: msg };
  const value: unknown = JSON.parse(msg);
  return { format: kind, value };
}
