/**
 * Node-RED replaces a value that is wholly `${NAME}` or `$(NAME)` with that environment variable and
 * leaves the text as it is when the variable is not set (source: Node-RED's runtime/lib/flows/util.js).
 */
const REFERENCE = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|\(([A-Za-z_][A-Za-z0-9_]*)\))$/;

/** The variable's name when `value` is nothing but a reference to one, else `undefined`. */
export function environmentVariableName(value: string): string | undefined {
  const match = REFERENCE.exec(value.trim());
  return match?.[1] ?? match?.[2];
}
