const VOID_ELEMENTS = new Set(['input', 'br', 'hr', 'img']);
const TAG = /<(\/?)([a-z0-9]+)((?:\s+[a-zA-Z0-9-]+(?:="[^"<>]*")?)*)\s*>/g;

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The names of the fields in a dialog, and of those that have a label. */
export function fieldsOf(
  template: string,
  { category }: { readonly category?: unknown },
): { readonly fields: string[]; readonly labelled: string[] } {
  const prefix = category === 'config' ? 'node-config-input-' : 'node-input-';
  const named = (attribute: string): string[] =>
    tagsOf(template).flatMap(({ attributes }) => {
      const value = attributes.get(attribute);
      return value?.startsWith(prefix) ? [value.slice(prefix.length)] : [];
    });
  return { fields: named('id'), labelled: named('for') };
}

/** The values of an attribute, wherever it is, or only in elements of that name. */
export function attributeValues(template: string, attribute: string, element?: string): string[] {
  return tagsOf(template)
    .filter(({ name }) => element === undefined || name === element)
    .flatMap(({ attributes }) => attributes.get(attribute) ?? []);
}

/** What stands between the tags, without white space around it, except for style sheets. */
export function visibleTexts(template: string): string[] {
  return template
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .split(TAG_AT_ALL)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

const TAG_AT_ALL = /<[^>]*>/;

/** What is wrong with the markup: tags that cannot be read, that are not closed, or ids that are there twice. */
export function markupProblems(template: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  for (const { name, closing } of tagsOf(template)) {
    if (VOID_ELEMENTS.has(name)) continue;
    if (!closing) open.push(name);
    else if (open.at(-1) === name) open.pop();
    else problems.push(`</${name}> closes ${open.at(-1) ?? 'nothing'}`);
  }
  const ids = attributeValues(template, 'id');
  return [
    ...problems,
    ...open.map((name) => `<${name}> is not closed`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two have the id ${id}`),
    ...(/[<>]/.test(template.replace(TAG, '')) ? ['a tag cannot be read'] : []),
  ];
}

function tagsOf(template: string): Tag[] {
  return [...template.matchAll(TAG)].map(([, slash, name = '', attributes = '']) => ({
    name,
    closing: slash === '/',
    attributes: new Map(
      [...attributes.matchAll(/([a-zA-Z0-9-]+)(?:="([^"]*)")?/g)].map(
        ([, key = '', value = '']) => [key, value] as const,
      ),
    ),
  }));
}
