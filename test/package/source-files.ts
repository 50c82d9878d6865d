import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectPath } from '../../scripts/project-path.mjs';

/** A source file, by its path from the top of the project with `/` between its parts. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every file below a directory of the project whose name ends in one of `endings`. */
export function sourceFiles(directory: string, ...endings: readonly string[]): SourceFile[] {
  return readdirSync(projectPath(directory), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(directory, name.split(path.sep).join('/')))
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .sort()
    .map((name) => ({ path: name, text: readFileSync(projectPath(name), 'utf8') }));
}
