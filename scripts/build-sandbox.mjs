// @ts-check
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const scriptFile = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(scriptFile), '..');
const copiedFiles = ['index.html', 'page.css', 'icon.svg'];

/**
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<void>}
 */
async function bundle(options) {
  const { warnings } = await build({ absWorkingDir: root, bundle: true, ...options });
  if (warnings.length > 0) {
    throw new Error(`esbuild warned ${warnings.length} times about the sandbox; see above.`);
  }
}

/**
 * Bundles the sandbox and its page, ready to run as `node <outDirectory>/main.mjs`.
 *
 * @param {string} [outDirectory] where to; relative to the top of the repository
 * @returns {Promise<void>} rejects when anything does not build
 */
export async function buildSandbox(outDirectory = 'build/sandbox') {
  const out = path.resolve(root, outDirectory);
  const page = path.join(out, 'page');
  await mkdir(page, { recursive: true });
  await Promise.all([
    bundle({
      entryPoints: ['sandbox/main.ts'],
      outfile: path.join(out, 'main.mjs'),
      platform: 'node',
      format: 'esm',
      target: 'node20',
    }),
    bundle({
      entryPoints: ['sandbox/page/page.ts'],
      outfile: path.join(page, 'page.js'),
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
    }),
    ...copiedFiles.map((name) =>
      copyFile(path.join(root, 'sandbox/page', name), path.join(page, name)),
    ),
  ]);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === scriptFile) {
  await buildSandbox();
}
