import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { quietNodeRedSettings, settingsFileText } from '../../scripts/node-red-settings.mjs';
import { projectPath } from '../../scripts/project-path.mjs';
import { benchKey } from './candidates.mjs';
import { userDirectoryWithPackage } from './packed-user-directory.mjs';
import { StartLog } from './start-log.mjs';

/** @typedef {import('./load-round.mjs').RoundResult} RoundResult */

const guard = new URL('../../scripts/exit-with-parent.mjs', import.meta.url).href;
const inheritedVariables = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];

/** A real Node-RED with the packed package and the benchmark's sources and sinks. */
export class NodeRed {
  #url;

  /** @param {string} url */
  constructor(url) {
    this.#url = url;
  }

  /**
   * Resolves when the flows have started.
   * @param {import('../../scripts/child-processes.mjs').ChildProcesses} children
   * @param {string} name
   * @param {readonly import('./candidates.mjs').FlowNode[]} flows
   */
  static async start(children, name, flows) {
    const userDirectory = await userDirectoryWithPackage();
    const settingsFile = path.join(userDirectory, 'settings.js');
    await writeFile(settingsFile, settingsText());
    await writeFile(path.join(userDirectory, 'flows.json'), JSON.stringify(flows));
    const log = new StartLog(name);
    const child = children.start(name, projectPath('node_modules', 'node-red', 'red.js'), {
      args: ['--userDir', userDirectory, '--settings', settingsFile],
      execArgv: ['--import', guard],
      cwd: userDirectory,
      env: bareEnvironment(userDirectory),
      onOutput: (text) => log.add(text),
    });
    child.once('exit', () => log.fail('it has ended'));
    return new NodeRed(await log.address);
  }

  /**
   * Sends `count` messages into the flow of a candidate, `inFlight` at a time.
   * @param {string} candidate
   * @param {{ count: number, inFlight: number }} load
   * @returns {Promise<RoundResult>}
   */
  async runRound(candidate, { count, inFlight }) {
    return await this.#post('bench/rounds', { candidate, count, inFlight });
  }

  /**
   * Sends `count` messages into the flow of a candidate, whatever becomes of them. Resolves when the last is sent.
   * @param {string} candidate
   * @param {{ count: number, perSecond: number }} load
   * @returns {Promise<void>}
   */
  async stream(candidate, { count, perSecond }) {
    await this.#post('bench/streams', { candidate, count, perSecond });
  }

  /**
   * @param {string} route
   * @param {object} body
   */
  async #post(route, body) {
    const response = await fetch(`${this.#url}/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${route} got ${response.status}: ${await response.text()}`);
    return await response.json();
  }
}

function settingsText() {
  const settings = {
    ...quietNodeRedSettings({ port: 0 }),
    lang: 'en-US',
    nodesDir: [projectPath('bench', 'programs')],
  };
  const sdk = JSON.stringify(projectPath('node_modules', 'poke', 'dist', 'index.cjs'));
  return `${settingsFileText(settings)}module.exports.functionGlobalContext = { poke: require(${sdk}) };\n`;
}

/**
 * None of this computer's own settings, keys, logins or proxies.
 * @param {string} home
 */
function bareEnvironment(home) {
  const inherited = inheritedVariables.map((name) => [name, process.env[name]]);
  return {
    ...Object.fromEntries(inherited.filter(([, value]) => value !== undefined)),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    LANG: 'en_US.UTF-8',
    POKE_API_KEY: benchKey,
  };
}
