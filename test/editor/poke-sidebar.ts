import type { Locator, Page } from 'playwright-core';
import type { PokeEditor } from './poke-editor.js';

/** The tab with the deliveries, in the editor's sidebar. */
export class PokeSidebar {
  readonly #page: Page;

  private constructor({ page }: PokeEditor) {
    this.#page = page;
  }

  /** Brings the tab to the front, and resolves when it shows what the server has. */
  static async open(editor: PokeEditor): Promise<PokeSidebar> {
    const answer = editor.page.waitForResponse(/\/poke\/deliveries\/list$/);
    await editor.page.evaluate(() => {
      // One that is in front already would not ask again.
      RED.sidebar.show('info');
      RED.sidebar.show('poke-deliveries');
    });
    await answer;
    // It is there before the page has shown it.
    const sidebar = new PokeSidebar(editor);
    await sidebar.tab.filter({ hasText: /\S/ }).waitFor();
    return sidebar;
  }

  /** All of it. */
  get tab(): Locator {
    return this.#page.locator('.poke-deliveries');
  }

  /** Every delivery. */
  get rows(): Locator {
    return this.tab.locator('li');
  }

  /** How the account fares, in words. */
  get state(): Locator {
    return this.tab.locator('.poke-deliveries-state');
  }

  button(name: string, within: Locator = this.tab): Locator {
    return within.getByRole('button', { name, exact: true });
  }

  /** Presses a button in the question that is open. */
  async answer(name: string): Promise<void> {
    // One that was answered takes a moment to go; the newest is the last.
    const buttons = this.#page.locator('#red-ui-notifications').getByRole('button', { name });
    await buttons.last().click();
  }
}
