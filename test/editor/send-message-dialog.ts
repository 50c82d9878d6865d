import type { Locator } from 'playwright-core';
import type { PokeEditor } from './poke-editor.js';

/** The open dialog of a send-message node. */
export class SendMessageDialog {
  readonly #editor: PokeEditor;

  constructor(editor: PokeEditor) {
    this.#editor = editor;
  }

  /** A field by its property. */
  field(name: string): Locator {
    return this.#editor.dialog.locator(`#node-input-${name}`);
  }

  /** What a person sees in place of the field: its type and its text. */
  typedInput(name: string): Locator {
    return this.#editor.dialog.locator(`#node-input-${name} + .red-ui-typedInput-container`);
  }

  /** Chooses the type of a typed input from its menu, as Node-RED names it, and types over its text. */
  async fillTyped(name: string, type: string, text: string): Promise<void> {
    await this.typedInput(name).locator('.red-ui-typedInput-type-select').click();
    const { page } = this.#editor;
    await page.waitForFunction(isMenuReady);
    await page.locator(`.red-ui-typedInput-options:visible a[value="${type}"]`).click();
    await this.typedInput(name).locator('input.red-ui-typedInput-input').fill(text);
  }

  /** Chooses the type of the typed input that has the focus on its type, without the mouse. */
  async chooseTypeByKeyboard(type: string): Promise<void> {
    const { page } = this.#editor;
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(isMenuReady);
    const option = page.locator(`.red-ui-typedInput-options:visible a[value="${type}"]`);
    const [wantedIndex, focused] = await option.evaluate((wanted) => {
      const options = [...(wanted.parentElement?.children ?? [])];
      return [options.indexOf(wanted), options.findIndex((one) => one.matches(':focus'))] as const;
    });
    for (let at = focused; at < wantedIndex; at += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  }

  /** The type and the text of a typed input. */
  async typed(name: string): Promise<[string, string]> {
    const type = await this.field(`${name}Type`).inputValue();
    return [
      type,
      await this.typedInput(name).locator('input.red-ui-typedInput-input').inputValue(),
    ];
  }
}

/** Runs on the page: the menu slides open, and only listens for clicks when it has the focus. */
function isMenuReady(): boolean {
  return $('.red-ui-typedInput-options:not(:animated) a:focus').length > 0;
}
