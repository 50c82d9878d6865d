import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** How the bundler of the SDK marks what it took from another package. */
const VENDORED = /^\/\/#region .*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm;

/**
 * Replaces what TypeScript made of `src/mcp/mcp-sdk.ts` by one file with all that it needs, so that nobody has
 * to install the 20 MB of packages which that comes from; and writes their licenses beside it.
 *
 * @param {string} target - where the compiled `src/mcp` is
 */
export async function bundleMcpSdk(target) {
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: ['src/mcp/mcp-sdk.ts'],
    outfile: join(target, 'mcp-sdk.js'),
    allowOverwrite: true,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    legalComments: 'none',
    banner: { js: '/*! Third-party code; see mcp-sdk.licenses.txt */' },
    metafile: true,
    logLevel: 'silent',
  });
  const texts = [];
  for (const name of await packagesIn(Object.keys(metafile.inputs))) texts.push(await notice(name));
  await writeFile(join(target, 'mcp-sdk.licenses.txt'), texts.join('\n\n'));
}

/**
 * The packages that the files come from, and those whose code they hold.
 *
 * @param {string[]} files
 */
async function packagesIn(files) {
  const names = new Set();
  for (const file of files.filter((name) => name.startsWith('node_modules/'))) {
    names.add(/^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
    const text = await readFile(join(root, file), 'utf8');
    for (const [, name] of text.matchAll(VENDORED)) names.add(name);
  }
  return [...names].sort();
}

/**
 * The license of a package. Of what the SDK took in, only that is known here, not the version.
 *
 * @param {string} name
 */
async function notice(name) {
  const folder = join(root, 'node_modules', name);
  const { license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} is bundled, but its license text was not found.`);
  const text = await readFile(join(folder, file), 'utf8');
  return `${name} (${license})\n${'='.repeat(72)}\n${text.trim()}\n`;
}
