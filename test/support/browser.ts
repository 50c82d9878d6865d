import { type Browser, chromium, type Page } from 'playwright-core';
import { browserInstallCommand, findBrowser } from '../../scripts/find-browser.mjs';

/** How a person looks at the editor. */
export interface EditorLook {
  readonly dark?: boolean;
  /** The language that is chosen in the settings of the editor; default `en-US`. */
  readonly language?: string;
  /** In pixels; default 1400 × 860. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Node-RED's editor in a browser of its own. */
export interface EditorPage {
  readonly page: Page;
  /** Exceptions that nothing on the page has caught, so far. */
  readonly pageErrors: readonly string[];
  /** What the page has logged as a warning or an error, so far. */
  readonly consoleProblems: readonly string[];
  /** Loads the editor again, by default to look as at first; what was not deployed is lost. */
  reload(look?: EditorLook): Promise<void>;
  /** Leaves the editor until the next `reload`, and forgets what it has kept in the browser. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

const viewport = { width: 1400, height: 860 };

const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser of this computer, without a window. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error(`There is no browser. Install one with: ${browserInstallCommand()}`);
  }
  return chromium.launch({ executablePath, args: browserFlags });
}

/** Opens the editor of a Node-RED, and resolves when the palette and the flows are there. */
export async function openEditor(
  browser: Browser,
  nodeRedUrl: string,
  firstLook?: EditorLook,
): Promise<EditorPage> {
  const context = await browser.newContext({ locale: 'en-US', viewport });
  const page = await context.newPage();
  const pageErrors: string[] = [];
  const consoleProblems: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) consoleProblems.push(message.text());
  });
  const load = async (look: EditorLook = {}): Promise<void> => {
    await choose(page, nodeRedUrl, look);
    await page.goto(nodeRedUrl);
    await page.waitForFunction(isEditorReady);
  };
  await load(firstLook);
  return {
    page,
    pageErrors,
    consoleProblems,
    reload: load,
    leave: async () => {
      await openSmallest(page, nodeRedUrl);
      await page.evaluate(() => {
        localStorage.clear();
      });
    },
    close: () => context.close(),
  };
}

/** Makes the editor look so when it is loaded next: loading it anew takes a third of the time of another page. */
async function choose(page: Page, nodeRedUrl: string, look: EditorLook): Promise<void> {
  const theme = look.dark ? 'dark' : 'light';
  await page.setViewportSize(look.viewport ?? viewport);
  await page.emulateMedia({ colorScheme: theme });
  await openSmallest(page, nodeRedUrl);
  await page.evaluate(
    (settings) => {
      for (const [name, value] of Object.entries(settings)) localStorage.setItem(name, value);
    },
    { 'view-dark-theme': theme, 'editor-language': look.language ?? '' },
  );
}

/** A page of Node-RED that is not the editor, but shares with it what the browser keeps. */
async function openSmallest(page: Page, nodeRedUrl: string): Promise<void> {
  await page.goto(new URL('/red/keymap.json', nodeRedUrl).href);
}

/** Runs on the page. */
function isEditorReady(): boolean {
  const progress = document.querySelector('#red-ui-loading-progress');
  const palette = document.querySelector('.red-ui-palette-node');
  return palette !== null && progress !== null && getComputedStyle(progress).display === 'none';
}
