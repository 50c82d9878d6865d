import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { OptionsFor, PokeRuntime } from '../runtime/poke-runtime.js';
import type { EditorLook } from '../support/browser.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { EditorStage } from './editor-stage.js';
import type { PokeEditor } from './poke-editor.js';

/** For `expect.poll`: how long a computer with much to do may take. */
export const patience = { timeout: 15_000 } as const;

export interface EditorUse {
  /** Node-RED with the package, and the sandbox; there within a test. */
  readonly runtime: PokeRuntime;
  /** Opens the editor, or loads it again. When the test ends, the page may have nothing to complain of. */
  open(look?: EditorLook): Promise<PokeEditor>;
}

/** Gives the tests of a `describe` a runtime, and a page in the browser of their worker. */
export function useEditor(version: NodeRedVersion, options?: OptionsFor): EditorUse {
  let stage: EditorStage | undefined;
  beforeAll(async () => {
    stage = await EditorStage.enter(version, options);
  });
  afterEach(async () => {
    expect(await stage?.takeProblems()).toEqual([]);
  });
  afterAll(() => stage?.leave());
  const there = (): EditorStage => {
    if (!stage) throw new Error('Node-RED and the browser only run within a test.');
    return stage;
  };
  return {
    get runtime() {
      return there().runtime;
    },
    open: (look) => there().open(look),
  };
}
