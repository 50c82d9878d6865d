import { cp, readdir, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What is loaded by itself: the SDK of MCP, late, and what the nodes share with their dialogs. */
const APART = /^(?:mcp\/mcp-sdk|shared\/[a-z-]+)\.js$/;

/** The one module that is not part of the file: it is loaded when there is an MCP server. */
const lateSdk = {
  name: 'late-sdk',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /\/mcp-sdk\.js$/ }, () => ({
      path: './mcp/mcp-sdk.js',
      external: true,
    }));
  },
};

/**
 * Makes one file of the library, `index.js`: a hundred modules take several times as long to find and to read. What
 * TypeScript made of each is moved away, for whoever wants to look at a single one.
 *
 * @param {string} library - where the compiled `src` is
 * @param {string} modules - where to put the single modules
 */
export async function bundleLibrary(library, modules) {
  await rm(modules, { recursive: true, force: true });
  await cp(library, modules, { recursive: true });
  const files = await readdir(library, { recursive: true });
  const merged = files.filter(
    (file) => file.endsWith('.js') && !APART.test(file.replaceAll(sep, '/')),
  );
  await Promise.all(merged.map((file) => rm(join(library, file))));
  await bundle({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    outfile: join(library, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['axios'],
    plugins: [lateSdk],
    logLevel: 'silent',
  });
}
