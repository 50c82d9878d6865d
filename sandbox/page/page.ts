import type { FeedMessage } from '../feed-message.js';
import { setUpAgent } from './agent-panel.js';
import { command } from './control-client.js';
import { Conversation } from './conversation.js';
import { byId } from './dom.js';
import { FaultPanel } from './fault-panel.js';
import { followFeed } from './feed-client.js';
import { showTriggers } from './trigger-list.js';

const copiedMs = 2_000;

function showConnection(isConnected: boolean): void {
  const text = isConnected ? 'Connected' : 'Disconnected, trying again…';
  byId('connection-text', HTMLElement).textContent = text;
  byId('connection', HTMLElement).classList.toggle('lost', !isConnected);
}

async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    getSelection()?.selectAllChildren(byId('base-url', HTMLElement));
    return 'Selected';
  }
}

function setUpAddress(): void {
  const baseUrl = `${location.origin}/api/v1`;
  byId('base-url', HTMLElement).textContent = baseUrl;
  const label = byId('copy-text', HTMLElement);
  byId('copy', HTMLButtonElement).addEventListener('click', () => {
    void copy(baseUrl).then((done) => {
      label.textContent = done;
      label.classList.add('done');
      setTimeout(() => {
        label.textContent = 'Copy';
        label.classList.remove('done');
      }, copiedMs);
    });
  });
}

function setUpPanel(): void {
  const panel = byId('panel', HTMLElement);
  const toggle = byId('panel-toggle', HTMLButtonElement);
  const open = (isOpen: boolean): void => {
    document.body.classList.toggle('panel-open', isOpen);
    toggle.setAttribute('aria-expanded', String(isOpen));
    byId('panel-toggle-text', HTMLElement).textContent = isOpen ? 'Close' : 'Controls';
  };
  toggle.addEventListener('click', () => {
    const isOpen = toggle.getAttribute('aria-expanded') !== 'true';
    open(isOpen);
    if (isOpen) {
      panel.focus();
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.body.classList.contains('panel-open')) {
      open(false);
      toggle.focus();
    }
  });
}

const conversation = new Conversation();
const faultPanel = new FaultPanel();
setUpAddress();
setUpPanel();
setUpAgent();
byId('clear', HTMLButtonElement).addEventListener('click', () => {
  void command('DELETE', '/sandbox/received');
});

function show(message: FeedMessage): void {
  switch (message.type) {
    case 'hello':
      conversation.beginReplay(message.sandboxId);
      break;
    case 'faults':
      faultPanel.show(message.faults);
      break;
    case 'triggers':
      showTriggers(message.triggers);
      break;
    case 'received':
      conversation.add(message.entry);
      break;
    case 'ready':
      conversation.endReplay();
      showConnection(true);
      break;
    case 'cleared':
      conversation.clear();
  }
}

followFeed({
  message: show,
  lost: () => {
    showConnection(false);
  },
});
