import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type OptionsFor, PokeRuntime } from '../runtime/poke-runtime.js';
import { type EditorOptions, launchBrowser } from '../support/browser.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { PokeEditor } from './poke-editor.js';

/** For `expect.poll`: how long a computer with much to do may take. */
export const patience = { timeout: 15_000 } as const;

/** The tips of the information sidebar are drawn by chance, and at times before there is a place for them. */
const userSettings = { editor: { view: { 'view-show-tips': false } } };

export interface EditorUse {
  /** Node-RED with the package, and the sandbox; there within a test. */
  readonly runtime: PokeRuntime;
  /**
   * Opens the editor, or loads it again: a new one takes twice as long. With options it is one of its own.
   * When the test ends, no page may have anything to complain of.
   */
  open(options?: EditorOptions): Promise<PokeEditor>;
}

/** Gives the tests of a `describe` one browser and one runtime. */
export function useEditor(version: NodeRedVersion, options?: OptionsFor): EditorUse {
  let browser: Browser | undefined;
  let runtime: PokeRuntime | undefined;
  let shared: PokeEditor | undefined;
  const others: PokeEditor[] = [];
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([launchBrowser(), PokeRuntime.start(version, options)]);
    await runtime.nodeRed.post('/settings/user', userSettings);
  });
  afterEach(async () => {
    const closing = others.splice(0);
    const problems = [...(shared?.takeProblems() ?? []), ...closing.flatMap(takeProblemsOf)];
    await Promise.all(closing.map((editor) => editor.close()));
    await shared?.page.unrouteAll();
    runtime?.sandbox.reset();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.close();
  });
  const openNew = (editorOptions?: EditorOptions): Promise<PokeEditor> => {
    if (!browser || !runtime) throw new Error('The browser only runs within a test.');
    return PokeEditor.open(browser, runtime.nodeRed.url, editorOptions);
  };
  return {
    get runtime() {
      if (!runtime) throw new Error('Node-RED only runs within a test.');
      return runtime;
    },
    open: async (editorOptions) => {
      if (editorOptions) {
        const editor = await openNew(editorOptions);
        others.push(editor);
        return editor;
      }
      if (shared) await shared.reload();
      shared ??= await openNew();
      return shared;
    },
  };
}

function takeProblemsOf(editor: PokeEditor): string[] {
  return editor.takeProblems();
}
