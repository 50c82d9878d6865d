import type { Browser } from 'playwright-core';
import { quietNodeRedSettings } from '../../scripts/node-red-settings.mjs';
import { type OptionsFor, PokeRuntime } from '../runtime/poke-runtime.js';
import { type EditorLook, launchBrowser } from '../support/browser.js';
import { type NodeRed, startNodeRed } from '../support/node-red.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { userDirWithPackage } from '../support/packed-package.js';
import { PokeEditor } from './poke-editor.js';

/** The tips of the information sidebar are drawn by chance, and at times before there is a place for them. */
const userSettings = { editor: { view: { 'view-show-tips': false } } };

/** Leaves out what takes half of an editor's time to load, and what no dialog of the package shows. */
const lightTheme = {
  ...quietNodeRedSettings({ port: 0 }).editorTheme,
  codeEditor: { lib: 'ace' },
  markdownEditor: { mermaid: { enabled: false } },
};

/** What the files of a worker share, one after the other: what is loaded once is there sooner the next time. */
let browser: Promise<Browser> | undefined;
const nodeReds = new Map<NodeRedVersion, Promise<NodeRed>>();
const editors = new Map<NodeRed, PokeEditor>();

/** The browser of this worker, which ends with it. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= launchBrowser();
  return browser;
}

function sharedNodeRed(version: NodeRedVersion): Promise<NodeRed> {
  const running = nodeReds.get(version) ?? startShared(version);
  nodeReds.set(version, running);
  return running;
}

async function startShared(version: NodeRedVersion): Promise<NodeRed> {
  const userDir = await userDirWithPackage(version);
  return await startNodeRed({ version, userDir, settings: { editorTheme: lightTheme } });
}

/** A runtime and a page with its editor, as if both were new. */
export class EditorStage {
  readonly runtime: PokeRuntime;
  readonly #isShared: boolean;
  #editor: PokeEditor | undefined;
  #hasLook = false;

  private constructor(runtime: PokeRuntime, isShared: boolean) {
    this.runtime = runtime;
    this.#isShared = isShared;
  }

  /** With options there is a Node-RED for this stage alone. */
  static async enter(version: NodeRedVersion, options?: OptionsFor): Promise<EditorStage> {
    const runtime = options
      ? await PokeRuntime.start(version, options)
      : await PokeRuntime.join(await sharedNodeRed(version));
    await runtime.nodeRed.post('/settings/user', userSettings);
    return new EditorStage(runtime, options === undefined);
  }

  /** Opens the editor with what is deployed. It is loaded again when it looked otherwise, or nobody has used it yet. */
  async open(look?: EditorLook): Promise<PokeEditor> {
    const wasPlain = this.#editor !== undefined && !this.#hasLook;
    this.#hasLook = look !== undefined;
    if (this.#editor && wasPlain && !look && (await this.#editor.renew())) return this.#editor;
    this.#editor = await this.#load(look);
    return this.#editor;
  }

  async #load(look: EditorLook | undefined): Promise<PokeEditor> {
    const { nodeRed } = this.runtime;
    const existing = editors.get(nodeRed);
    await existing?.reload(look);
    const editor = existing ?? (await PokeEditor.open(await sharedBrowser(), nodeRed.url, look));
    editors.set(nodeRed, editor);
    return editor;
  }

  /** What the page has complained of. Ends what a test has asked of the page and the sandbox. */
  async takeProblems(): Promise<string[]> {
    await this.#editor?.page.unrouteAll();
    await this.#editor?.forgetRevision();
    this.runtime.sandbox.reset();
    return this.#editor?.takeProblems() ?? [];
  }

  async leave(): Promise<void> {
    const { runtime } = this;
    await this.#editor?.leave();
    this.#editor?.takeProblems();
    if (this.#isShared) {
      await runtime.leave();
      return;
    }
    await this.#editor?.close();
    editors.delete(runtime.nodeRed);
    await runtime.close();
  }
}
