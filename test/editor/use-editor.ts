import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type OptionsFor, PokeRuntime } from '../runtime/poke-runtime.js';
import { type EditorLook, launchBrowser } from '../support/browser.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { PokeEditor } from './poke-editor.js';

/** For `expect.poll`: how long a computer with much to do may take. */
export const patience = { timeout: 15_000 } as const;

/** The tips of the information sidebar are drawn by chance, and at times before there is a place for them. */
const userSettings = { editor: { view: { 'view-show-tips': false } } };

export interface EditorUse {
  /** Node-RED with the package, and the sandbox; there within a test. */
  readonly runtime: PokeRuntime;
  /** Opens the editor, or loads it again. When the test ends, the page may have nothing to complain of. */
  open(look?: EditorLook): Promise<PokeEditor>;
}

/** Gives the tests of a `describe` one browser and one runtime. */
export function useEditor(version: NodeRedVersion, options?: OptionsFor): EditorUse {
  let browser: Browser | undefined;
  let runtime: PokeRuntime | undefined;
  let editor: PokeEditor | undefined;
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([launchBrowser(), PokeRuntime.start(version, options)]);
    await runtime.nodeRed.post('/settings/user', userSettings);
  });
  afterEach(async () => {
    const problems = editor?.takeProblems() ?? [];
    await editor?.page.unrouteAll();
    runtime?.sandbox.reset();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.close();
  });
  return {
    get runtime() {
      if (!runtime) throw new Error('Node-RED only runs within a test.');
      return runtime;
    },
    open: async (look) => {
      if (!browser || !runtime) throw new Error('The browser only runs within a test.');
      const isNew = editor === undefined;
      editor ??= await PokeEditor.open(browser, runtime.nodeRed.url);
      if (!isNew || look) await editor.reload(look);
      return editor;
    },
  };
}
