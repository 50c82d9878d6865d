import type { Locator } from 'playwright-core';
import type { PokeEditor } from './poke-editor.js';

/** The open dialog of an account. */
export class AccountDialog {
  readonly #editor: PokeEditor;

  constructor(editor: PokeEditor) {
    this.#editor = editor;
  }

  /** A field by its property. */
  field(name: string): Locator {
    return this.#editor.dialog.locator(`#node-config-input-${name}`);
  }

  /** What it says about where the key will come from. */
  keySource(): Promise<string> {
    return this.#editor.dialog.locator('#poke-account-key-source').innerText();
  }

  /** What has come of the test message. */
  testResult(): Promise<string> {
    return this.#editor.dialog.locator('#poke-account-test-result').innerText();
  }

  /** Types over what stands in the key field. */
  async typeKey(key: string): Promise<void> {
    await this.field('apiKey').click();
    await this.#editor.page.keyboard.press('ControlOrMeta+A');
    if (key === '') await this.#editor.page.keyboard.press('Delete');
    else await this.field('apiKey').pressSequentially(key);
  }

  /** Fills fields by their property, and returns what stood in them before. */
  async fill(fields: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const before: Record<string, string> = {};
    for (const [name, value] of Object.entries(fields)) {
      before[name] = await this.field(name).inputValue();
      await this.field(name).fill(value);
    }
    return before;
  }

  get testButton(): Locator {
    return this.#editor.dialog.locator('#poke-account-test');
  }

  async sendTestMessage(): Promise<void> {
    await this.testButton.click();
  }
}
