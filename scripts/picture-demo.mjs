import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildPackage } from './build.mjs';
import { buildSandbox } from './build-sandbox.mjs';
import { quietNodeRedSettings, settingsFileText } from './node-red-settings.mjs';
import { projectPath } from './project-path.mjs';
import { installNodeRed5 } from './test-preparations.mjs';

const directory = projectPath('build', 'pictures');
const nodeRed5Modules = projectPath('test', 'support', 'node-red-5', 'node_modules');

/** npm packages with a Node.js for one kind of computer. */
const nodePackage = /^node-(bin-)?(linux|darwin|win)-/;

/** A Node-RED 5 with this package and its examples, and the sandbox that they send to, on free ports. */
export class PictureDemo {
  /** @type {import('node:child_process').ChildProcess[]} */
  #children = [];

  /** @returns {Promise<{ editorUrl: string, sandboxUrl: string, apiKey: string }>} once both can be used */
  async start() {
    await Promise.all([buildPackage(), buildSandbox(), installNodeRed5()]);
    const sandbox = this.#run(process.execPath, [projectPath('build', 'sandbox', 'main.mjs')], {
      SANDBOX_PORT: '0',
    });
    /** @type {{ url: string, baseUrl: string, apiKey: string }} */
    const { url, baseUrl, apiKey } = await new Promise((resolve) =>
      sandbox.once('message', resolve),
    );
    await prepareDirectory();
    const nodeRed = this.#run(await nodeForNodeRed5(), nodeRedArguments(), {
      POKE_API: baseUrl,
      POKE_API_KEY: apiKey,
      XDG_CONFIG_HOME: directory,
    });
    return { editorUrl: await addressOf(nodeRed), sandboxUrl: url, apiKey };
  }

  stop() {
    for (const child of this.#children) child.kill();
  }

  /**
   * @param {string} program
   * @param {string[]} args
   * @param {Record<string, string>} environment
   */
  #run(program, args, environment) {
    const child = spawn(program, args, {
      cwd: projectPath('build'),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#children.push(child);
    return child;
  }
}

async function prepareDirectory() {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const names = (await readdir(projectPath('examples'))).sort();
  const flows = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(projectPath('examples', name), 'utf8'))),
  );
  await writeFile(path.join(directory, 'flows.json'), JSON.stringify(flows.flat()));
  const settings = { ...quietNodeRedSettings({ port: 0 }), nodesDir: [projectPath()] };
  await writeFile(path.join(directory, 'settings.js'), settingsFileText(settings));
}

function nodeRedArguments() {
  const program = path.join(nodeRed5Modules, 'node-red', 'red.js');
  return [program, '--userDir', directory, '--settings', path.join(directory, 'settings.js')];
}

async function nodeForNodeRed5() {
  const name = (await readdir(nodeRed5Modules)).find((entry) => nodePackage.test(entry));
  return name === undefined ? process.execPath : path.join(nodeRed5Modules, name, 'bin', 'node');
}

/**
 * @param {import('node:child_process').ChildProcess} nodeRed
 * @returns {Promise<string>} once its flows have started
 */
function addressOf(nodeRed) {
  return new Promise((resolve, reject) => {
    let log = '';
    nodeRed.stdout?.setEncoding('utf8').on('data', (text) => {
      log += text;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0];
      if (address !== undefined && log.includes('Started flows')) resolve(address);
    });
    nodeRed.once('exit', () => reject(new Error(`Node-RED has ended:\n${log}`)));
  });
}
