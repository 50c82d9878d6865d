/** A text as a node's label has room for it, in one line of at most `maxLength` characters. */
export function shorten(text: string, maxLength: number): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const characters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment);
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line;
}
