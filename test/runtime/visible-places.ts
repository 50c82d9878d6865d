import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ids } from '../support/flows.js';
import type { NodeRed } from '../support/node-red.js';

/** What can be read, by the place where it is. */
export type Places = ReadonlyMap<string, string>;

/** What the admin API hands out of a `runtimeFlow`, its account and its surroundings. */
const adminPaths = [
  '/flows',
  `/flow/${ids.tab}`,
  '/flow/global',
  `/credentials/poke-account/${ids.account}`,
  `/credentials/poke-send-message/${ids.send}`,
  '/settings',
  '/settings/user',
  '/diagnostics',
  '/nodes',
  '/context/global',
  `/context/flow/${ids.tab}`,
  `/context/node/${ids.send}`,
] as const;

/** Where credentials are kept, encrypted; everything else in a user directory may be shown to people. */
const credentialFile = /_cred\.json(\.backup)?$/;

/** What the admin API says, by path. */
export async function readAdminApi(nodeRed: NodeRed): Promise<Places> {
  const answers = adminPaths.map(async (adminPath) => {
    const response = await nodeRed.get(adminPath);
    return [`GET ${adminPath}`, await response.text()] as const;
  });
  return new Map(await Promise.all(answers));
}

/** All that was said to people so far: the log, and what editors were told. */
export function readReports(nodeRed: NodeRed): Places {
  return new Map([
    ['the log', nodeRed.log()],
    ['the editors', JSON.stringify(nodeRed.events())],
  ]);
}

/** Every file of the user directory, byte for byte, but for the credentials and the installed packages. */
export async function readUserDir(nodeRed: NodeRed): Promise<Places> {
  const entries = await readdir(nodeRed.userDir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !credentialFile.test(entry.name))
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => !path.relative(nodeRed.userDir, file).startsWith(`node_modules${path.sep}`));
  const contents = files.map(
    async (file) =>
      [path.relative(nodeRed.userDir, file), (await readFile(file)).toString('latin1')] as const,
  );
  return new Map(await Promise.all(contents));
}

/** The places where `fragment` stands, as it is or as base64 or hex; it must be at least 8 characters long. */
export function placesWith(fragment: string, places: Places): string[] {
  const forms = [fragment, ...base64Forms(fragment), Buffer.from(fragment).toString('hex')];
  return [...places]
    .filter(([, content]) => forms.some((form) => content.includes(form)))
    .map(([place]) => place);
}

/** Base64 looks different with how many bytes stand before; the first and last characters depend on neighbours. */
function base64Forms(fragment: string): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from('x'.repeat(before) + fragment)
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(before === 0 ? 0 : before + 1, -2);
  });
}
