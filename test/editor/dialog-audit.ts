import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { PokeEditor } from './poke-editor.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Node-RED puts hidden fields into every form that has a password, so that browsers do not fill in the real one. */
const credentialTraps = '[id^="red-ui-trap-"]';

/** Node-RED names its own buttons beside a choice of config nodes, which have no role that may have a name. */
const configButtons = 'a[id*="-input-btn-"]';

declare global {
  const axe: {
    run(
      context: { readonly include: readonly string[]; readonly exclude: readonly string[] },
      options: RunOptions,
    ): Promise<AxeResults>;
  };
}

/** How people look at dialogs. */
export const looks = [
  { name: 'light', look: {} },
  { name: 'dark', look: { dark: true } },
  { name: 'narrow', look: { viewport: { width: 1000, height: 700 } } },
  { name: 'German', look: { language: 'de' } },
] as const;

/** Checks that a form can be read and used by everybody, whatever it shows. */
export async function expectGoodForm({ page }: PokeEditor, form: string): Promise<void> {
  expect(await accessibilityProblems(page, form)).toEqual([]);
  expect(await untranslatedTexts(page, form)).toEqual([]);
  expect(await overflowingElements(page, form)).toEqual([]);
}

/** What a form keeps from people who cannot see, or use no mouse; what axe calls minor or moderate is left out. */
export async function accessibilityProblems(page: Page, form: string): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in window))) {
    await page.evaluate(await readFile(axePath, 'utf8'));
  }
  return page.evaluate(findViolations, {
    include: [form],
    exclude: [credentialTraps, configButtons],
  });
}

/** Names in the place of texts: all that is shown or told of a form and looks like the key of a text. */
export function untranslatedTexts(page: Page, form: string): Promise<string[]> {
  return page.evaluate(findKeys, form);
}

/** The fields and texts of a form that stick out of it. */
export function overflowingElements(page: Page, form: string): Promise<string[]> {
  return page.evaluate(findOverflow, form);
}

/** Runs on the page. */
async function findViolations(context: { include: string[]; exclude: string[] }) {
  const { violations } = await axe.run(context, {});
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}

/** Runs on the page. */
function findKeys(form: string): string[] {
  const texts = [...document.querySelectorAll(`${form}, ${form} *`)].flatMap((element) => [
    ...[...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.nodeValue),
    ...['placeholder', 'title', 'aria-label'].map((name) => element.getAttribute(name)),
  ]);
  return texts
    .filter((text) => text !== null)
    .filter((text) => /^\s*[a-z]\w*(\.\w+)+\s*$/.test(text));
}

/** Runs on the page. */
function findOverflow(form: string): string[] {
  const edge = document.querySelector(form)?.getBoundingClientRect();
  if (!edge) return ['There is no such form.'];
  return [...document.querySelectorAll(`${form} *`)]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.right > edge.right + 1 || box.left < edge.left - 1))
    .map(({ element }) => element.outerHTML);
}
