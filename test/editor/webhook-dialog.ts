import type { Locator } from 'playwright-core';
import type { PokeEditor } from './poke-editor.js';

const filledFields = ['triggerId', 'webhookUrl', 'webhookToken'] as const;

/** What the button fills. */
export type FilledFields = Record<(typeof filledFields)[number], string>;

/** The open dialog of a saved webhook. */
export class WebhookDialog {
  readonly editor: PokeEditor;

  constructor(editor: PokeEditor) {
    this.editor = editor;
  }

  /** A field by its property. */
  field(name: string): Locator {
    return this.editor.dialog.locator(`#node-config-input-${name}`);
  }

  get createButton(): Locator {
    return this.editor.dialog.locator('#poke-webhook-create');
  }

  /** What has come of the press on the button. */
  get result(): Locator {
    return this.editor.dialog.locator('#poke-webhook-create-result');
  }

  /** The question that stands before a second trigger. */
  get question(): Locator {
    return this.editor.page
      .locator('.red-ui-notification')
      .filter({ hasText: 'This webhook already has a trigger.' });
  }

  /** Opens a new account from within this dialog; saving it comes back to this one. */
  async addAccount(): Promise<void> {
    await this.editor.dialog.locator('#node-config-input-btn-account-add').click();
    await this.field('apiKey').waitFor();
  }

  /** Answers the question with the button of that name. */
  async answer(name: 'Keep the one I have' | 'Create another'): Promise<void> {
    await this.question.getByRole('button', { name }).click();
    await this.question.waitFor({ state: 'hidden' });
  }

  /** Presses the button, and returns what it says in the end. */
  async create(): Promise<string> {
    await this.createButton.click();
    await this.finished();
    return this.result.innerText();
  }

  /** Resolves when the dialog has an outcome to show; nobody is asked anything then. */
  async finished(): Promise<void> {
    await this.result.filter({ hasNotText: /^(Creating …)?$/ }).waitFor();
    await this.createButton.and(this.editor.page.locator(':enabled')).waitFor();
  }

  /** What stands in the fields that the button fills. */
  async filled(): Promise<FilledFields> {
    const [triggerId = '', webhookUrl = '', webhookToken = ''] = await Promise.all(
      filledFields.map((name) => this.field(name).inputValue()),
    );
    return { triggerId, webhookUrl, webhookToken };
  }
}
