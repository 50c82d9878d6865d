import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

declare global {
  const axe: {
    run(
      context: { include: string[]; exclude: string[] },
      options: RunOptions,
    ): Promise<AxeResults>;
  };
}

/** What stands in the way of people who cannot see or use a mouse, in the dialog on top. */
export async function accessibilityProblems(
  page: Page,
  form: string,
  excluded: readonly string[] = [],
): Promise<string[]> {
  await page.evaluate(await readFile(axePath, 'utf8'));
  const violations = await page.evaluate(findViolations, { form, excluded: [...excluded] });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ text }) => text);
}

/** Runs on the page. */
async function findViolations({ form, excluded }: { form: string; excluded: string[] }) {
  const { violations } = await axe.run({ include: [form], exclude: excluded }, {});
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ html }) => ({ impact, text: `${String(impact)} ${id}: ${help}: ${html}` })),
  );
}
