import { type Browser, chromium, type Page } from 'playwright-core';
import { browserInstallCommand, findBrowser } from '../../scripts/find-browser.mjs';

export interface EditorOptions {
  readonly dark?: boolean;
  /** Default `en-US`. */
  readonly locale?: string;
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
  /** Loads the editor again; what was not deployed is lost. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

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
  { dark = false, locale = 'en-US', viewport = { width: 1400, height: 860 } }: EditorOptions = {},
): Promise<EditorPage> {
  const colorScheme = dark ? 'dark' : 'light';
  const context = await browser.newContext({ locale, viewport, colorScheme });
  await context.addInitScript((scheme) => {
    localStorage.setItem('view-dark-theme', scheme);
  }, colorScheme);
  const page = await context.newPage();
  const pageErrors: string[] = [];
  const consoleProblems: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) consoleProblems.push(message.text());
  });
  await page.goto(nodeRedUrl);
  await page.waitForFunction(isEditorReady);
  return {
    page,
    pageErrors,
    consoleProblems,
    reload: async () => {
      await page.reload();
      await page.waitForFunction(isEditorReady);
    },
    close: () => context.close(),
  };
}

/** Runs on the page. */
function isEditorReady(): boolean {
  const progress = document.querySelector('#red-ui-loading-progress');
  const palette = document.querySelector('.red-ui-palette-node');
  return palette !== null && progress !== null && getComputedStyle(progress).display === 'none';
}
