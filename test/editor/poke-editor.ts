import type { Browser, Locator, Page } from 'playwright-core';
import { vi } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { type EditorLook, type EditorPage, openEditor } from '../support/browser.js';
import type { NodeRed } from '../support/node-red.js';
import type { EditorNode } from './editor-globals.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

const dragSteps = 12;
const patienceMs = 15_000;

/** Node-RED's editor, as a person uses it: with the mouse and the keyboard. */
export class PokeEditor {
  readonly #editor: EditorPage;
  #problemsTaken = 0;

  private constructor(editor: EditorPage) {
    this.#editor = editor;
  }

  static async open(browser: Browser, url: string, look?: EditorLook): Promise<PokeEditor> {
    const editor = await openEditor(browser, url, look);
    editor.page.setDefaultTimeout(patienceMs);
    return new PokeEditor(editor);
  }

  get page(): Page {
    return this.#editor.page;
  }

  /** Exceptions, warnings and errors of the page that were not taken before. */
  takeProblems(): string[] {
    const problems = [...this.#editor.pageErrors, ...this.#editor.consoleProblems];
    const taken = this.#problemsTaken;
    this.#problemsTaken = problems.length;
    return problems.slice(taken).filter((problem) => !isOfDebugSidebar(problem));
  }

  /** The dialog that is on top. */
  get dialog(): Locator {
    return this.#trays.last();
  }

  get #trays(): Locator {
    return this.page.locator('.red-ui-tray');
  }

  /** Types into the filter of the palette. */
  async filterPalette(text: string): Promise<void> {
    const filter = this.page.locator('#red-ui-palette-search input');
    await filter.fill('');
    await filter.pressSequentially(text);
    if (text === '') await filter.press('Backspace');
  }

  /** Resolves when the palette shows these groups of nodes and no other. */
  async waitForCategories(names: readonly string[]): Promise<void> {
    await this.page.waitForFunction(showsCategories, names);
  }

  paletteNode(type: string): Locator {
    return this.page.locator(`[data-palette-type="${type}"]`);
  }

  /** Drags a node from the palette to a point of the canvas, and returns its id. */
  async dragFromPalette(type: string, to: Point): Promise<string> {
    const before = await this.idsOf(type);
    const entry = this.paletteNode(type);
    await entry.scrollIntoViewIfNeeded();
    const canvas = await boxOf(this.page.locator('#red-ui-workspace-chart'));
    await this.#drag(centre(await boxOf(entry)), { x: canvas.x + to.x, y: canvas.y + to.y });
    await this.page.waitForFunction(countNodes, { type, count: before.length + 1 });
    const id = (await this.idsOf(type)).find((other) => !before.includes(other));
    if (id === undefined) throw new Error(`No node of type ${type} was added.`);
    return id;
  }

  /** Draws a wire from the output of a node to the input of another. */
  async wire(from: string, to: string): Promise<void> {
    const output = this.canvasNode(from).locator('.red-ui-flow-port-output .red-ui-flow-port');
    const input = this.canvasNode(to).locator('.red-ui-flow-port-input .red-ui-flow-port');
    await this.#drag(centre(await boxOf(output)), centre(await boxOf(input)));
    await this.page.locator('.red-ui-flow-link-line').first().waitFor({ state: 'attached' });
  }

  /** What the canvas shows of a node. */
  canvasNode(id: string): Locator {
    return this.page.locator(`.red-ui-flow-node-group[id="${id}"]`);
  }

  /** Resolves when the text under a node is that one. */
  async waitForStatus(id: string, text: string): Promise<void> {
    await this.canvasNode(id)
      .locator('.red-ui-flow-node-status-label', { hasText: new RegExp(`^${text}$`) })
      .waitFor();
  }

  /** Opens the dialog of a node, as a double click does. */
  async openNode(id: string): Promise<void> {
    await this.canvasNode(id).locator('rect.red-ui-flow-node').dblclick();
    await this.#opened('#dialog-form');
  }

  /** Opens the dialog of a node that is selected with a click, as the Enter key does. */
  async openSelectedNode(id: string): Promise<void> {
    await this.canvasNode(id).locator('rect.red-ui-flow-node').click();
    await this.page.keyboard.press('Enter');
    await this.#opened('#dialog-form');
  }

  /** Opens the dialog of a config node. */
  async openConfig(type: string, id: string): Promise<void> {
    await this.page.evaluate(
      (config) => {
        RED.editor.editConfig('', config.type, config.id);
      },
      { type, id },
    );
    await this.#opened('#node-config-dialog-edit-form');
  }

  /** Presses the button beside the choice of a config node: `edit` the chosen one, or `add` another. */
  async openChosenConfig(property: string, what: 'edit' | 'add'): Promise<void> {
    await this.dialog.locator(`#node-input-btn-${property}-${what}`).click();
    await this.#opened('#node-config-dialog-edit-form');
  }

  /** What the dialog on top says is wrong with a field, by its property; empty when nothing is. */
  fieldError(name: string): Promise<string> {
    return this.dialog.locator(`[id$="input-${name}-error"]`).innerText();
  }

  /** Saves the dialog on top. */
  async save(): Promise<void> {
    await this.#close(this.dialog.locator('#node-dialog-ok, #node-config-dialog-ok'));
  }

  /** Saves the dialog on top as Node-RED's shortcut does. */
  async saveByKeyboard(): Promise<void> {
    const closing = await this.dialog.elementHandle();
    await this.page.keyboard.press('ControlOrMeta+Enter');
    await closing.waitForElementState('hidden');
  }

  /** Deletes the config node whose dialog is on top. */
  async deleteConfig(): Promise<void> {
    await this.#close(this.dialog.getByRole('button', { name: 'Delete', exact: true }));
  }

  /** Takes the last change back, as the keyboard does. */
  async undo(): Promise<void> {
    await this.page.locator('#red-ui-workspace-chart').click({ position: { x: 700, y: 500 } });
    await this.page.keyboard.press('ControlOrMeta+z');
  }

  /** Leaves the dialog on top without saving. */
  async cancel(): Promise<void> {
    await this.#close(this.dialog.locator('#node-dialog-cancel, #node-config-dialog-cancel'));
  }

  /** Presses the deploy button, and resolves when the flows have started. */
  async deploy(nodeRed: NodeRed): Promise<void> {
    const deployments = () =>
      nodeRed.events().filter(({ topic }) => topic === 'notification/runtime-deploy').length;
    const before = deployments();
    await this.page.locator('#red-ui-header-button-deploy').click();
    await this.page.waitForFunction(() => !RED.nodes.dirty());
    await vi.waitUntil(() => deployments() > before, patienceMs);
  }

  /** Presses the button of an inject node on the canvas. */
  async pressInject(id: string): Promise<void> {
    await this.canvasNode(id).locator('.red-ui-flow-node-button-button').click();
  }

  idsOf(type: string): Promise<string[]> {
    return this.page.evaluate((wanted) => {
      const ids: string[] = [];
      const note = (node: EditorNode) => {
        if (node.type === wanted) ids.push(node.id);
      };
      RED.nodes.eachNode(note);
      RED.nodes.eachConfig(note);
      return ids;
    }, type);
  }

  /** A node as an export of the flow has it. */
  async exported(id: string): Promise<FlowNode> {
    const nodes = await this.page.evaluate(
      (wanted) => RED.nodes.createExportableNodeSet([RED.nodes.node(wanted)]),
      id,
    );
    const node = nodes.find((candidate) => candidate.id === id);
    if (!node) throw new Error(`The editor has no node ${id}.`);
    return node;
  }

  /** What the editor finds wrong with a node, in its words. */
  validationErrors(id: string): Promise<readonly string[]> {
    return this.page.evaluate((wanted) => RED.nodes.node(wanted)?.validationErrors ?? [], id);
  }

  /** Whether the editor finds nothing wrong with a node. */
  isValid(id: string): Promise<boolean> {
    return this.page.evaluate((wanted) => RED.nodes.node(wanted)?.valid === true, id);
  }

  /** Loads the editor again, as it is deployed, by default to look as at first. */
  reload(look?: EditorLook): Promise<void> {
    return this.#editor.reload(look);
  }

  /**
   * Shows what is deployed now, as the editor does when it has loaded, in a tenth of the time of a `reload`. Returns
   * false when there is something open that only a `reload` closes.
   */
  async renew(): Promise<boolean> {
    if (!(await this.page.evaluate(hasOneDialogAtMost))) return false;
    await this.page.evaluate(closeDialog);
    await this.#trays.waitFor({ state: 'detached' });
    await this.page.evaluate(takeDeployedFlows);
    return true;
  }

  /** Lets others deploy without a notice: what there is now is not looked at any more. */
  async forgetRevision(): Promise<void> {
    await this.page.evaluate(() => {
      if ('RED' in window) RED.nodes.version(null);
    });
  }

  /** Leaves the editor until the next `reload`, as one that nobody has used yet. */
  leave(): Promise<void> {
    return this.#editor.leave();
  }

  close(): Promise<void> {
    return this.#editor.close();
  }

  async #drag(from: Point, to: Point): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(to.x, to.y, { steps: dragSteps });
    await mouse.up();
  }

  async #close(button: Locator): Promise<void> {
    const depth = await this.dialog.locator('.red-ui-tray-breadcrumbs li').count();
    const closing = await this.dialog.elementHandle();
    await button.click();
    await closing.waitForElementState('hidden');
    if (depth > 1) await this.#settled('#dialog-form, #node-config-dialog-edit-form');
  }

  /** Node-RED moves the focus into a dialog some time after it has opened it. */
  async #opened(form: string): Promise<void> {
    await this.#settled(form);
    await this.page.waitForFunction(hasFocus, '.red-ui-tray');
  }

  /** A dialog slides in; what is pressed meanwhile is missed. */
  async #settled(form: string): Promise<void> {
    await this.dialog.locator(form).waitFor();
    await this.page.waitForFunction(isStill, '.red-ui-tray');
  }
}

async function boxOf(locator: Locator): Promise<Point & { width: number; height: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${locator.toString()} is not to be seen.`);
  return box;
}

function centre({ x, y, width, height }: Point & { width: number; height: number }): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Node-RED's own debug sidebar fails at a message that comes while the flows are still being loaded. */
function isOfDebugSidebar(problem: string): boolean {
  const isItsFailure = /Cannot read properties of undefined \(reading '(?:id|label)'\)/.test(
    problem,
  );
  return isItsFailure && /RED\.comms\.subscribe|handleDebugMessage/.test(problem);
}

/** Runs on the page. */
function showsCategories(names: readonly string[]): boolean {
  const categories = [...document.querySelectorAll<HTMLElement>('.red-ui-palette-category')];
  const shown = categories
    .filter((category) => category.offsetParent !== null)
    .map((category) => category.querySelector('.red-ui-palette-header')?.textContent.trim());
  return shown.join() === names.join();
}

/** Runs on the page. */
function countNodes({ type, count }: { type: string; count: number }): boolean {
  let found = 0;
  RED.nodes.eachNode((node) => {
    if (node.type === type) found += 1;
  });
  return found === count;
}

/** Runs on the page, at every frame: whether the last of these elements is where it was a frame ago. */
function isStill(selector: string): boolean {
  const elements = document.querySelectorAll<HTMLElement>(selector);
  const element = elements[elements.length - 1];
  if (!element) return false;
  const { left, width } = element.getBoundingClientRect();
  const place = `${left} ${width}`;
  const wasThere = element.dataset['place'] === place;
  element.dataset['place'] = place;
  return wasThere;
}

/** Runs on the page: whether the focus is in the last of these elements. */
function hasFocus(selector: string): boolean {
  const elements = document.querySelectorAll(selector);
  return elements[elements.length - 1]?.matches(':focus-within') ?? false;
}

/** Runs on the page: whether nothing else is open or filtered than the dialog of one node. */
function hasOneDialogAtMost(): boolean {
  const others = [...document.querySelectorAll<HTMLElement>('.ui-dialog, .red-ui-popover')];
  const filter = document.querySelector<HTMLInputElement>('#red-ui-palette-search input');
  const isPlain = others.every(({ offsetParent }) => offsetParent === null) && filter?.value === '';
  // The dialogs below one that is open are not on the page, but their names are.
  return isPlain && document.querySelectorAll('.red-ui-tray-breadcrumbs li').length <= 1;
}

/** Runs on the page: leaves a dialog without saving. */
function closeDialog(): void {
  const buttons = document.querySelectorAll<HTMLElement>('.red-ui-tray-toolbar button');
  [...buttons].find(({ id }) => id.endsWith('-cancel'))?.click();
}

/** Runs on the page. What Node-RED does when it has loaded, after what it does before another project is shown. */
async function takeDeployedFlows(): Promise<void> {
  RED.nodes.clear();
  RED.history.clear();
  const headers = { accept: 'application/json', 'node-red-api-version': 'v2' };
  const answer = await fetch('flows', { headers, cache: 'no-store' });
  const deployed: unknown = await answer.json();
  if (typeof deployed !== 'object' || deployed === null) throw new Error('There are no flows.');
  if ('rev' in deployed) RED.nodes.version(deployed.rev);
  if ('flows' in deployed) RED.nodes.import(deployed.flows);
  RED.nodes.dirty(false);
  const [first] = RED.nodes.getWorkspaceOrder();
  if (first !== undefined) RED.workspaces.show(first);
  RED.view.redraw(true);
  RED.sidebar.show('info');
  // Whoever subscribes is told all statuses there are.
  const none = () => undefined;
  RED.comms.subscribe('status/#', none);
  RED.comms.unsubscribe('status/#', none);
}
