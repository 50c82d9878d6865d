import { isRecord } from '../is-record.js';
import { make } from './dom.js';

const shownCharacters = 600;
const maxDepth = 4;

/** Text of any length: a long one starts folded. */
export function longText(text: string, className: string): HTMLElement {
  const block = make('div', { className });
  if (text.length <= shownCharacters) {
    block.textContent = text;
    return block;
  }
  const shown = make('span', { text: `${text.slice(0, shownCharacters)}…` });
  const label = `Show all ${text.length.toLocaleString()} characters`;
  const more = make('button', { className: 'more', text: label, attributes: { type: 'button' } });
  more.addEventListener('click', () => {
    shown.textContent = text;
    more.remove();
  });
  block.append(shown, more);
  return block;
}

function valueView(value: unknown, depth: number): HTMLElement {
  if (isRecord(value) && depth < maxDepth && Object.keys(value).length > 0) {
    return fieldsCard(value, depth + 1);
  }
  if (typeof value === 'string') {
    return longText(value, 'value');
  }
  return longText(JSON.stringify(value), 'value literal');
}

/** An object as a card of names and values. */
export function fieldsCard(fields: Record<string, unknown>, depth = 0): HTMLElement {
  const rows = Object.entries(fields).map(([name, value]) => {
    const isNested = isRecord(value) && depth + 1 < maxDepth && Object.keys(value).length > 0;
    return make('div', { className: isNested ? 'row nested' : 'row' }, [
      make('dt', { text: name }),
      make('dd', {}, [valueView(value, depth)]),
    ]);
  });
  return make('dl', { className: depth === 0 ? 'fields' : 'fields inner' }, rows);
}
