// Takes the pictures of the README from a running demo: start one with `npm start -- --reset`, then run this.
// The addresses of the editor and of the sandbox can be given when they are not the usual ones.
import { chromium } from 'playwright-core';
import { browserInstallCommand, findBrowser } from './find-browser.mjs';
import { projectPath } from './project-path.mjs';

const [editorUrl = 'http://127.0.0.1:1880', sandboxUrl = 'http://127.0.0.1:4870'] =
  process.argv.slice(2);

const executablePath = findBrowser();
if (executablePath === undefined) {
  throw new Error(`There is no browser. Install one with: ${browserInstallCommand()}`);
}
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});

/**
 * @param {string} url
 * @param {'light' | 'dark'} colorScheme
 * @param {{ width: number, height: number }} viewport
 */
async function open(url, colorScheme, viewport) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor: 1.5,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** @param {string} name */
const file = (name) => projectPath('docs', 'images', `${name}.png`);

/** @param {'light' | 'dark'} theme */
async function photographEditor(theme) {
  const suffix = theme === 'dark' ? '-dark' : '';
  const page = await open(editorUrl, theme, { width: 1500, height: 760 });
  await page.waitForSelector('[data-palette-type="poke-send-message"]');
  if (theme === 'dark') {
    await page.evaluate(() => document.documentElement.classList.add('nr-theme-dark'));
  }
  await page.locator('[data-palette-type="poke-send-message"]').scrollIntoViewIfNeeded();
  await fetch(`${editorUrl}/inject/poke01a000000002`, { method: 'POST' });
  await page.getByText('sent', { exact: true }).first().waitFor();
  await page.screenshot({
    path: file(`palette${suffix}`),
    clip: { x: 0, y: 345, width: 216, height: 415 },
  });
  await page.screenshot({
    path: file(`flow${suffix}`),
    clip: { x: 0, y: 0, width: 1160, height: 760 },
  });
  await openDialog(page, 'poke01a000000003');
  await page.locator('.red-ui-tray').screenshot({ path: file(`send-message-dialog${suffix}`) });
  await page.click('#node-input-btn-account-edit');
  await page.waitForSelector('#node-config-input-apiKey');
  await page.fill('#node-config-input-apiKey', 'sandbox-key');
  await page.getByText('The key that you typed').waitFor();
  await page.click('#poke-account-test');
  await page.waitForFunction(() =>
    /\./.test(document.querySelector('#poke-account-test-result')?.textContent ?? ''),
  );
  await page
    .locator('.red-ui-tray')
    .last()
    .screenshot({ path: file(`account-dialog${suffix}`) });
  await page.context().close();
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} id
 */
async function openDialog(page, id) {
  await page.locator(`#${id}`).dblclick();
  await page.waitForSelector('#node-input-name');
  // The tray slides in; it stands still when it is where it is going to be.
  await page.waitForFunction(
    () =>
      document.querySelectorAll('.red-ui-tray').length === 1 &&
      !document.querySelector('.ui-effects-wrapper'),
  );
}

/** @param {'light' | 'dark'} theme */
async function photographSandbox(theme) {
  const page = await open(sandboxUrl, theme, { width: 1240, height: 760 });
  await page.getByText('The washing machine is done').first().waitFor();
  await page.screenshot({ path: file(`sandbox${theme === 'dark' ? '-dark' : ''}`) });
  await page.context().close();
}

for (const theme of /** @type {const} */ (['light', 'dark'])) await photographEditor(theme);
await fetch(`${editorUrl}/inject/poke02a000000002`, { method: 'POST' });
for (const theme of /** @type {const} */ (['light', 'dark'])) await photographSandbox(theme);
await browser.close();
