import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEditor, sharedTexts } from './editor-half.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Writes what the editor loads of one node, its html, locales and help, beside its compiled code.
 *
 * @param {string} name - of the folder under `nodes/`, which is also the name of the set
 * @param {string} target
 * @param {Record<string, string>} errorTexts
 */
export async function buildNode(name, target, errorTexts) {
  const source = join(root, 'nodes', name);
  const editor = await bundleEditor(join(source, 'editor.ts'));
  const type = registeredType(name, editor);
  const template = await readFile(join(source, 'template.html'), 'utf8');
  const html = [
    `<script type="text/html" data-template-name="${type}">\n${template}</script>`,
    `<script type="text/javascript">\n${editor}</script>`,
  ];
  await writeFile(join(target, `${name}.html`), `${html.join('\n\n')}\n`);
  for (const file of await readdir(join(source, 'locales'))) {
    const [language = '', kind] = file.split('.');
    const folder = join(target, 'locales', language);
    await mkdir(folder, { recursive: true });
    const text = await readFile(join(source, 'locales', file), 'utf8');
    if (kind === 'md') {
      await writeFile(
        join(folder, `${name}.html`),
        `<script type="text/markdown" data-help-name="${type}">\n${text}</script>\n`,
      );
    } else {
      const catalogue = { ...(await sharedTexts(language, errorTexts)), ...JSON.parse(text) };
      await writeFile(join(folder, `${name}.json`), `${JSON.stringify(catalogue, null, 2)}\n`);
    }
  }
}

/**
 * @param {string} name
 * @param {string} editor
 */
function registeredType(name, editor) {
  const type = /registerType\("([a-z-]+)"/.exec(editor)?.[1];
  if (!type) throw new Error(`nodes/${name}/editor.ts registers no node type.`);
  return type;
}
