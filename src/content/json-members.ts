/**
 * The JSON text of as much of `value` as has one: members that refer to themselves, hold a BigInt, or have no
 * JSON form are left out.
 *
 * @param without - names of members that are left out anyhow.
 */
export function jsonMembers(value: object, without: ReadonlySet<string>): string {
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = without.has(name) ? undefined : jsonOf(member);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

function jsonOf(value: unknown): string | undefined {
  try {
    // Answers undefined for functions and the like, which its type does not say.
    const text: unknown = JSON.stringify(value);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
