import type { FeedEntry } from '../feed-message.js';
import { byId, make } from './dom.js';
import { entryView } from './entry-view.js';
import { dayOf } from './words.js';

const maxShown = 500;
const groupGapMs = 300_000;
const bottomTolerancePx = 80;

interface Shown {
  readonly entry: FeedEntry;
  readonly nodes: readonly HTMLElement[];
}

/** The list of bubbles: in order, each entry once, scrolled to the newest unless the reader went up. */
export class Conversation {
  readonly #feed = byId('feed', HTMLElement);
  readonly #scroller = byId('scroller', HTMLElement);
  readonly #newest = byId('newest', HTMLButtonElement);
  readonly #shown = new Map<number, Shown>();
  readonly #attempts = new Map<string, number>();
  #sandboxId = '';
  #replayed: Set<number> | undefined;

  constructor() {
    this.#newest.addEventListener('click', () => {
      this.#scrollDown();
      this.#scroller.focus();
    });
    this.#scroller.addEventListener('scroll', () => {
      if (this.#isAtBottom()) {
        this.#newest.hidden = true;
      }
    });
    new ResizeObserver(() => {
      if (this.#newest.hidden) {
        this.#scrollDown();
      }
    }).observe(this.#scroller);
  }

  /** A connection begins: all that is there comes again. After a restart nothing shown is there any more. */
  beginReplay(sandboxId: string): void {
    if (sandboxId !== this.#sandboxId) {
      this.clear();
      this.#sandboxId = sandboxId;
    }
    this.#replayed = new Set();
    this.#feed.setAttribute('aria-busy', 'true');
  }

  /** Everything that is there has come; what has not is gone. */
  endReplay(): void {
    for (const sequence of this.#shown.keys()) {
      if (this.#replayed?.has(sequence) === false) {
        this.#remove(sequence);
      }
    }
    this.#replayed = undefined;
    this.#feed.removeAttribute('aria-busy');
    this.#scrollDown();
    this.#showState();
  }

  add(entry: FeedEntry): void {
    this.#replayed?.add(entry.sequence);
    if (this.#shown.has(entry.sequence)) {
      return;
    }
    const isFollowing = this.#isAtBottom();
    this.#append(entry);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > maxShown && oldest !== undefined) {
      this.#remove(oldest);
    }
    if (this.#replayed !== undefined) {
      return;
    }
    this.#showState();
    if (isFollowing) {
      this.#scrollDown();
    } else {
      this.#newest.hidden = false;
    }
  }

  clear(): void {
    this.#shown.clear();
    this.#attempts.clear();
    this.#feed.replaceChildren();
    this.#newest.hidden = true;
    this.#showState();
  }

  #append(entry: FeedEntry): void {
    const previous = [...this.#shown.values()].at(-1)?.entry;
    const isNewDay = previous === undefined || dayOf(previous.at) !== dayOf(entry.at);
    const gapMs = previous === undefined ? 0 : Date.parse(entry.at) - Date.parse(previous.at);
    const view = entryView(entry, this.#countAttempt(entry));
    if (!isNewDay && gapMs < groupGapMs) {
      view.classList.add('continued');
    }
    const separator = make('div', { className: 'day', text: dayOf(entry.at) });
    const nodes = isNewDay ? [separator, view] : [view];
    this.#shown.set(entry.sequence, { entry, nodes });
    this.#feed.append(...nodes);
  }

  #countAttempt({ idempotencyKey }: FeedEntry): number {
    if (idempotencyKey === undefined) {
      return 1;
    }
    const attempt = (this.#attempts.get(idempotencyKey) ?? 0) + 1;
    this.#attempts.set(idempotencyKey, attempt);
    return attempt;
  }

  #remove(sequence: number): void {
    for (const node of this.#shown.get(sequence)?.nodes ?? []) {
      node.remove();
    }
    this.#shown.delete(sequence);
  }

  #isAtBottom(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < bottomTolerancePx;
  }

  #scrollDown(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newest.hidden = true;
  }

  #showState(): void {
    const count = this.#shown.size;
    byId('empty', HTMLElement).hidden = count > 0;
    byId('clear', HTMLButtonElement).disabled = count === 0;
    byId('count', HTMLElement).textContent = count > 0 ? String(count) : '';
  }
}
