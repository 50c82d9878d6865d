import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEditor, sharedTexts } from './editor-half.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Writes what the editor loads of a plugin that is no node, its html and its texts.
 *
 * @param {string} name - of the folder under `nodes/`, which is also the name of the set
 * @param {string} target
 * @param {Record<string, string>} errorTexts
 */
export async function buildPlugin(name, target, errorTexts) {
  const source = join(root, 'nodes', name);
  const style = await readFile(join(source, 'style.css'), 'utf8');
  const editor = await bundleEditor(join(source, 'editor.ts'));
  const html = [`<style>\n${style}</style>`, `<script type="text/javascript">\n${editor}</script>`];
  await mkdir(target, { recursive: true });
  await writeFile(join(target, `${name}.html`), `${html.join('\n\n')}\n`);
  for (const file of await readdir(join(source, 'locales'))) {
    const [language = ''] = file.split('.');
    const folder = join(target, 'locales', language);
    await mkdir(folder, { recursive: true });
    const { errors } = await sharedTexts(language, errorTexts);
    const own = JSON.parse(await readFile(join(source, 'locales', file), 'utf8'));
    await writeFile(
      join(folder, `${name}.json`),
      `${JSON.stringify({ errors, ...own }, null, 2)}\n`,
    );
  }
}
