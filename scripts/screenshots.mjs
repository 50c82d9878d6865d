// Takes the pictures of the README and the guides, light and dark: `npm run screenshots`. The guides show the one that
// suits the reader; the README is shown in places that know only the light one.
import { chromium } from 'playwright-core';
import { browserInstallCommand, findBrowser } from './find-browser.mjs';
import { PictureDemo } from './picture-demo.mjs';
import { projectPath } from './project-path.mjs';

/** What the agent has received in the picture of the sandbox. */
const conversation = [
  { message: 'Good morning! 3 °C outside, and frost until nine' },
  { message: 'The washing machine is done' },
  { message: 'The front door has been open for ten minutes' },
  {
    message: 'Water on the floor of the laundry',
    sensor: 'leak-2',
    room: 'laundry',
    level: 0.83,
    battery: '12%',
  },
];

/** The nodes of the example "Send a message". */
const [injectId, sendId] = ['poke01b000000012', 'poke01b000000013'];

/** The node of the example "Door left open", and its tab. */
const [fireId, fireTabId] = ['poke03b000000015', 'poke03b000000000'];

/** The tool of the example "Start the vacuum", and its tab. */
const [toolId, toolTabId] = ['poke11a000000002', 'poke11a000000000'];

/** @typedef {'light' | 'dark'} Theme */

/**
 * @param {string} name
 * @param {Theme} theme
 */
function pictureFile(name, theme) {
  return projectPath('docs', 'images', `${name}${theme === 'dark' ? '-dark' : ''}.png`);
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Theme} theme
 * @param {{ width: number, height: number }} viewport
 */
async function openPage(browser, url, theme, viewport) {
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  await context.addInitScript((scheme) => {
    localStorage.setItem('view-dark-theme', scheme);
  }, theme);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Theme} theme
 */
async function photographFlow(browser, url, theme) {
  const page = await openPage(browser, url, theme, { width: 1310, height: 590 });
  await page.waitForSelector(`#${sendId}`);
  await page.locator('#red-ui-palette-search input').pressSequentially('poke');
  await page.waitForFunction(onlyPokeIsShown);
  await fetch(`${url}/inject/${injectId}`, { method: 'POST' });
  await page.locator(`#${sendId}`).getByText('sent', { exact: true }).waitFor();
  const flow = { x: 0, y: 0, width: 980, height: 590 };
  await page.screenshot({ path: pictureFile('flow', theme), clip: flow });
  await page.hover('[data-palette-type="poke-send-message"]');
  await page.getByText('Sends a message to your Poke agent').waitFor();
  await page.waitForFunction(isStill, '.red-ui-popover');
  const palette = { x: 0, y: 345, width: 500, height: 245 };
  await page.screenshot({ path: pictureFile('palette', theme), clip: palette });
  await page.context().close();
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Theme} theme
 * @param {string} apiKey
 */
async function photographDialogs(browser, url, theme, apiKey) {
  const page = await openPage(browser, url, theme, { width: 1310, height: 720 });
  await page.locator(`#${sendId} rect.red-ui-flow-node`).dblclick();
  await page.waitForSelector('.red-ui-tray .red-ui-typedInput-container');
  await photographDialog(page, 'send-message-dialog', theme, 830);
  await page.click('#node-input-btn-account-edit');
  await page.fill('#node-config-input-apiKey', apiKey);
  await page.getByText('The key that you typed').waitFor();
  await page.click('#poke-account-test');
  await page.getByText('Sent. Poke will text you').waitFor();
  await photographDialog(page, 'account-dialog', theme, 1180);
  await page.context().close();
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Theme} theme
 */
async function photographWebhook(browser, url, theme) {
  const page = await openPage(browser, `${url}/#flow/${fireTabId}`, theme, {
    width: 1310,
    height: 720,
  });
  await page.locator(`#${fireId} rect.red-ui-flow-node`).dblclick();
  await page.waitForSelector('#node-input-btn-webhook-edit');
  await page.waitForFunction(isStill, '.red-ui-tray');
  await page.click('#node-input-btn-webhook-edit');
  await page.click('#poke-webhook-create');
  await page.getByText('Created. Save this dialog').waitFor();
  await photographDialog(page, 'webhook-dialog', theme, 960);
  await page.context().close();
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Theme} theme
 */
async function photographTool(browser, url, theme) {
  const page = await openPage(browser, `${url}/#flow/${toolTabId}`, theme, {
    width: 1310,
    height: 720,
  });
  await page.locator(`#${toolId} rect.red-ui-flow-node`).dblclick();
  await page.waitForSelector('#poke-tool-params .poke-tool-param');
  await page.locator('.red-ui-tray summary').click();
  await photographDialog(page, 'tool-dialog', theme, 1220);
  await page.click('#node-input-btn-server-add');
  await page.waitForSelector('#poke-mcp-server-generate');
  await photographDialog(page, 'mcp-server-dialog', theme, 1130);
  await page.context().close();
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {Theme} theme
 * @param {number} height of the window, which the dialog fills
 */
async function photographDialog(page, name, theme, height) {
  await page.setViewportSize({ width: 1310, height });
  await page.mouse.move(5, 5);
  await page.waitForFunction(() => document.querySelector('.red-ui-popover') === null);
  await page.waitForFunction(isStill, '.red-ui-tray');
  const dialog = page.locator('.red-ui-tray-wrapper').last();
  await dialog.screenshot({ path: pictureFile(name, theme) });
}

/**
 * Lets one message be rejected and another one wait.
 *
 * @param {string} sandboxUrl
 * @param {string} url
 */
async function makeDeliveriesFail(sandboxUrl, url) {
  for (const fault of [{ status: 400 }, { status: 503, times: 0 }]) {
    await fetch(`${sandboxUrl}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'status', ...fault }),
    });
    await fetch(`${url}/inject/${injectId}`, { method: 'POST' });
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Theme} theme
 */
async function photographSidebar(browser, url, theme) {
  const page = await openPage(browser, url, theme, { width: 1310, height: 1200 });
  await page.waitForSelector(`#${sendId}`);
  await page.evaluate("RED.sidebar.show('poke-deliveries')");
  const sidebar = page.locator('.poke-deliveries');
  await makeHigh(page, sidebar);
  await sidebar.getByText('next try').first().waitFor();
  await sidebar.getByText('given up').first().waitFor();
  await page.mouse.move(5, 5);
  const box = await sidebar.boundingBox();
  if (!box) throw new Error('The sidebar is not to be seen.');
  // In the other accounts nothing waits.
  const first = await sidebar.locator('section').first().boundingBox();
  if (!first) throw new Error('There is no account in the sidebar.');
  const clip = { ...box, height: first.y + first.height - box.y + 6 };
  await page.screenshot({ path: pictureFile('sidebar', theme), clip });
  await page.context().close();
}

/**
 * Node-RED 5 has two tabs above each other in its sidebar, the upper one as high as it was in an earlier window.
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator} tab
 */
async function makeHigh(page, tab) {
  const separatorClass = 'red-ui-sidebar-section-separator';
  const separator = tab
    .locator(`xpath=ancestor::*[.//*[contains(@class, "${separatorClass}")]][1]`)
    .locator(`.${separatorClass}`);
  const box = await separator.boundingBox();
  if (!box) throw new Error('There is nothing to drag below the tab.');
  const x = box.x + box.width / 2;
  await page.mouse.move(x, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(x, 1000, { steps: 10 });
  await page.mouse.up();
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Theme} theme
 */
async function photographSandbox(browser, url, theme) {
  const page = await openPage(browser, url, theme, { width: 1180, height: 720 });
  await page
    .getByRole('article')
    .nth(conversation.length - 1)
    .waitFor();
  await page.screenshot({ path: pictureFile('sandbox', theme) });
  await page.context().close();
}

/**
 * @param {string} url
 * @param {string} apiKey
 */
async function fillSandbox(url, apiKey) {
  await fetch(`${url}/sandbox/received`, { method: 'DELETE' });
  for (const body of conversation) {
    await fetch(`${url}/api/v1/inbound/api-message`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}

/** Runs on the page. */
function onlyPokeIsShown() {
  const categories = [...document.querySelectorAll('.red-ui-palette-category')];
  return categories.filter((category) => category.getClientRects().length > 0).length === 1;
}

/**
 * Runs on the page, at every frame: whether the last of these elements is where it was a frame ago.
 * @param {string} selector
 */
function isStill(selector) {
  const element = [...document.querySelectorAll(selector)].at(-1);
  if (!(element instanceof HTMLElement)) return false;
  const { left, width, height } = element.getBoundingClientRect();
  const place = `${left} ${width} ${height} ${getComputedStyle(element).opacity}`;
  const wasThere = element.dataset['place'] === place;
  element.dataset['place'] = place;
  return wasThere;
}

const executablePath = findBrowser();
if (executablePath === undefined) {
  throw new Error(`There is no browser. Install one with: ${browserInstallCommand()}`);
}
const demo = new PictureDemo();
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  const { editorUrl, sandboxUrl, apiKey } = await demo.start();
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    await photographFlow(browser, editorUrl, theme);
    await photographDialogs(browser, editorUrl, theme, apiKey);
    await photographWebhook(browser, editorUrl, theme);
    await photographTool(browser, editorUrl, theme);
  }
  await fillSandbox(sandboxUrl, apiKey);
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    await photographSandbox(browser, sandboxUrl, theme);
  }
  await makeDeliveriesFail(sandboxUrl, editorUrl);
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    await photographSidebar(browser, editorUrl, theme);
  }
} finally {
  await browser.close();
  demo.stop();
}
