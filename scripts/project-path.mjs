import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The absolute path of something in this repository.
 * @param {...string} segments
 */
export function projectPath(...segments) {
  return path.join(root, ...segments);
}
