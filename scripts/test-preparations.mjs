import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { browserInstallCommand, findBrowser, hasAptGet } from './find-browser.mjs';
import { npmCli } from './npm-cli.mjs';
import { projectPath } from './project-path.mjs';
import { runNode } from './run-node.mjs';

/** Installs Node-RED 5 and its Node.js for the tests, unless what is installed is what the lock file asks for. */
export async function installNodeRed5() {
  const directory = projectPath('test', 'support', 'node-red-5');
  const lock = readFileSync(path.join(directory, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = path.join(directory, 'node_modules', '.installed-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing Node-RED 5 and its Node.js in test/support/node-red-5 …');
  const code = await runNode([npmCli(), 'ci', '--loglevel=error'], { cwd: directory });
  if (code !== 0) throw new Error('Node-RED 5 could not be installed; see what npm says above.');
  writeFileSync(stamp, wanted);
}

/** Makes sure that there is a browser: where root may do it, Debian's own is installed. */
export function ensureBrowser() {
  if (findBrowser() !== undefined) return;
  if (hasAptGet() && process.getuid?.() === 0) {
    const install = 'apt-get install -y --no-install-recommends';
    const command = `apt-get update && (${install} chromium-headless-shell || ${install} chromium)`;
    console.log(`No browser is installed for the editor tests; running:\n${command}`);
    spawnSync('sh', ['-c', command], { stdio: 'inherit' });
    if (findBrowser() !== undefined) return;
  }
  throw new Error(
    `The editor tests need Chromium, Chrome or Edge, and none was found. Install one with:\n${browserInstallCommand()}`,
  );
}
