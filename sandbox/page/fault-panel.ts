import { type ActiveFault, describeFault, type Fault } from '../fault.js';
import { command } from './control-client.js';
import { byId, make } from './dom.js';

interface Group {
  readonly title: string;
  readonly faults: readonly Fault[];
}

const groups: readonly Group[] = [
  {
    title: 'Poke refuses',
    faults: [
      { kind: 'status', status: 401 },
      { kind: 'status', status: 403 },
      { kind: 'status', status: 429, retryAfter: '5' },
      { kind: 'rejected' },
    ],
  },
  {
    title: 'Poke is in trouble',
    faults: [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 503 },
      { kind: 'slow', delayMs: 10_000 },
      { kind: 'drip', intervalMs: 500 },
    ],
  },
  {
    title: 'The line breaks',
    faults: [
      { kind: 'hang' },
      { kind: 'reset', when: 'before-body' },
      { kind: 'reset', when: 'after-body' },
    ],
  },
  {
    title: 'The answer is odd',
    faults: [{ kind: 'garbage' }, { kind: 'redirect', location: '/elsewhere' }],
  },
];

function describeTimes({ times }: ActiveFault): string {
  if (times === 0) {
    return 'until you stop it';
  }
  return times === 1 ? 'for the next request' : `for the next ${times} requests`;
}

function describeActive(fault: ActiveFault): string {
  return `${describeFault(fault)}, ${describeTimes(fault)}`;
}

/** The buttons that make Poke fail, and the banner that says that it does. */
export class FaultPanel {
  readonly #buttons = new Map<string, HTMLButtonElement>();

  constructor() {
    byId('fault-groups', HTMLElement).append(...groups.map((group) => this.#groupView(group)));
    byId('back-to-normal', HTMLButtonElement).addEventListener('click', () => {
      void command('DELETE', '/sandbox/faults').then(() => {
        byId('scroller', HTMLElement).focus();
      });
    });
  }

  show(faults: readonly ActiveFault[]): void {
    byId('banner', HTMLElement).hidden = faults.length === 0;
    byId('banner-text', HTMLElement).textContent = faults.map(describeActive).join('; then ');
    const active = new Set(faults.map(describeFault));
    for (const [label, button] of this.#buttons) {
      button.setAttribute('aria-pressed', String(active.has(label)));
    }
  }

  #groupView({ title, faults }: Group): HTMLElement {
    const label = make('h3', { text: title });
    const buttons = faults.map((fault) => this.#button(fault));
    return make('div', { className: 'fault-group' }, [
      label,
      make(
        'div',
        { className: 'chips', attributes: { role: 'group', 'aria-label': title } },
        buttons,
      ),
    ]);
  }

  #button(fault: Fault): HTMLButtonElement {
    const text = describeFault(fault);
    const attributes = { type: 'button', 'aria-pressed': 'false' };
    const button = make('button', { className: 'chip', text, attributes });
    button.addEventListener('click', () => {
      void choose(fault, button.getAttribute('aria-pressed') === 'true');
    });
    this.#buttons.set(text, button);
    return button;
  }
}

/** A chosen fault takes the place of the active ones; the active one chosen again stops. */
async function choose(fault: Fault, isActive: boolean): Promise<void> {
  await command('DELETE', '/sandbox/faults');
  if (!isActive) {
    const checked = document.querySelector<HTMLInputElement>('input[name="times"]:checked');
    await command('POST', '/sandbox/faults', { ...fault, times: Number(checked?.value ?? '1') });
  }
}
