import { demoDirectory } from './demo-directory.mjs';
import { projectPath } from './project-path.mjs';
import { runNode } from './run-node.mjs';

const quietTimeMs = 300;

/** The names under which the demo runs its programs. */
export const nodeRedName = 'Node-RED';
export const sandboxName = 'the sandbox';

/** @returns whether the package was built */
export async function buildPackage() {
  return (await runNode([projectPath('scripts', 'build.mjs')])) === 0;
}

/**
 * @param {import('./child-processes.mjs').ChildProcesses} children
 * @param {number} port
 * @returns {Promise<{ url: string, baseUrl: string, apiKey: string }>} once it listens
 */
export function startSandbox(children, port) {
  const child = children.start(sandboxName, projectPath('build', 'sandbox', 'main.mjs'), {
    env: { ...process.env, SANDBOX_PORT: String(port) },
    onOutput: print,
  });
  return new Promise((resolve) => {
    child.once('message', resolve);
  });
}

/**
 * @param {import('./child-processes.mjs').ChildProcesses} children
 * @param {{ port: number, settingsFile: string, environment: NodeJS.ProcessEnv }} options `environment` is added to
 *   this process's own
 * @returns {Promise<void>} once it listens and has nothing more to say about its start
 */
export function startNodeRed(children, { port, settingsFile, environment }) {
  return new Promise((resolve) => {
    let output = '';
    /** @type {NodeJS.Timeout | undefined} */
    let quiet;
    children.start(nodeRedName, projectPath('node_modules', 'node-red', 'red.js'), {
      args: ['--userDir', demoDirectory, '--settings', settingsFile],
      execArgv: ['--import', new URL('./exit-with-parent.mjs', import.meta.url).href],
      cwd: demoDirectory,
      env: { ...process.env, ...environment },
      onOutput: (text) => {
        print(text);
        output += text;
        clearTimeout(quiet);
        if (output.includes(`://127.0.0.1:${port}`)) quiet = setTimeout(resolve, quietTimeMs);
      },
    });
  });
}

/** @param {string} text */
function print(text) {
  process.stdout.write(text);
}
