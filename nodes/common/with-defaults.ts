/**
 * The saved properties of a node, with `defaults` for those that a flow of an earlier version, or one
 * written by hand, does not have. Node-RED puts values of any type in place of `${NAME}`, so what is to
 * be text is made text here.
 */
export function withDefaults<T extends object>(defaults: T, saved: Partial<T>): T {
  const values = new Map<string, unknown>(Object.entries(saved));
  const fields = Object.entries(defaults).map(([name, value]: [string, unknown]) => {
    const own = values.get(name) ?? value;
    return [name, typeof value === 'string' ? textOf(own) : own] as const;
  });
  return { ...defaults, ...Object.fromEntries(fields) };
}

/** What Node-RED put in place of `${NAME}`, as text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
