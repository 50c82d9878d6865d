import { createRequire } from 'node:module';
import { projectPath } from '../scripts/project-path.mjs';

const require = createRequire(import.meta.url);

/**
 * The library as users get it. There is none before the build.
 * @returns {typeof import('../src/index.js')}
 */
export function library() {
  return require(projectPath('dist', 'src', 'index.js'));
}

/**
 * A single module of the library, as it was built.
 * @param {string} file below `src`
 */
export function built(file) {
  return require(projectPath('build', 'library', file));
}
