const MAX_LENGTH = 30;

/** A text as a node's label has room for it, in one line. */
export function shorten(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const characters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment);
  return characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : line;
}
