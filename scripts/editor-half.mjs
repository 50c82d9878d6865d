import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * What every node's catalogue has: statuses, the palette's category, and the errors, whose English text
 * stands in the library.
 * @param {string} language
 * @param {Record<string, string>} errorTexts
 */
export async function sharedTexts(language, errorTexts) {
  const text = await readFile(join(root, 'nodes', 'common', 'locales', `${language}.json`), 'utf8');
  return { ...(language === 'en-US' ? { errors: errorTexts } : {}), ...JSON.parse(text) };
}

/**
 * The editor code of a node or plugin as one script.
 *
 * @param {string} entry
 */
export async function bundleEditor(entry) {
  const { outputFiles } = await bundle({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const code = outputFiles[0]?.text ?? '';
  if (code.includes('</script'))
    throw new Error(`${entry}: "</script" would end the page's script.`);
  return code;
}
