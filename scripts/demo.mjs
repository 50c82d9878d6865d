import { buildSandbox } from './build-sandbox.mjs';
import { ChildProcesses } from './child-processes.mjs';
import { brokerPortVariable, startBroker } from './demo-broker.mjs';
import { prepareDemoDirectory } from './demo-directory.mjs';
import {
  buildPackage,
  nodeRedName,
  sandboxName,
  startNodeRed,
  startSandbox,
} from './demo-programs.mjs';
import { chooseFreePort } from './free-port.mjs';
import { onStopRequest } from './stop-requests.mjs';
import { watchDirectories } from './watch.mjs';

/** Of Node-RED; the page of the sandbox expects it there unless it is told otherwise. */
const defaultPort = 1880;

/** A Node-RED with this package and its example flows, and a sandbox of Poke unless there is a key for the real one. */
export class Demo {
  #reset;
  #watch;
  #ending = false;
  #children = new ChildProcesses((name, reason) => {
    void this.#end(1, `Everything stops, because ${name} has ended by itself (${reason}).`);
  });

  /** @param {{ reset: boolean, watch: boolean }} options */
  constructor({ reset, watch }) {
    this.#reset = reset;
    this.#watch = watch;
  }

  async run() {
    const usesRealPoke = (process.env['POKE_API_KEY'] ?? '').trim() !== '';
    console.log('Building …');
    const isBuilt = (await buildPackage()) && (usesRealPoke || (await canBuildSandbox()));
    if (!isBuilt) process.exit(1);
    onStopRequest({
      onFirst: () => void this.#end(0, '\nStopping …'),
      onImpatient: () => {
        this.#children.killAll();
        process.exit(130);
      },
    });
    try {
      await this.#startAll(usesRealPoke);
    } catch (error) {
      await this.#end(1, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {boolean} usesRealPoke */
  async #startAll(usesRealPoke) {
    const port = await chooseFreePort(nodeRedName, 'PORT', defaultPort);
    const sandbox = usesRealPoke ? undefined : await this.#startSandbox(port);
    const brokerPort = await chooseFreePort('the MQTT broker', 'MQTT_PORT', 1883);
    await startBroker(brokerPort);
    const { settingsFile, keptFlows } = prepareDemoDirectory({ port, reset: this.#reset });
    const environment = { ...sandbox?.environment, [brokerPortVariable]: String(brokerPort) };
    const nodeRed = { port, settingsFile, environment };
    await startNodeRed(this.#children, nodeRed);
    announce({ port, sandboxUrl: sandbox?.url, keptFlows });
    if (!this.#watch) return;
    watchDirectories(['src', 'nodes', 'icons'], () =>
      this.#replace(nodeRedName, buildPackage, () => startNodeRed(this.#children, nodeRed)),
    );
    if (!sandbox) return;
    watchDirectories(['sandbox'], () =>
      this.#replace(sandboxName, canBuildSandbox, () => startSandbox(this.#children, sandbox.port)),
    );
  }

  /** @param {number} nodeRedPort */
  async #startSandbox(nodeRedPort) {
    const port = await chooseFreePort(sandboxName, 'SANDBOX_PORT', 4870, [nodeRedPort]);
    const { url, baseUrl, apiKey } = await startSandbox(this.#children, port);
    return { port, url, environment: { POKE_API: baseUrl, POKE_API_KEY: apiKey } };
  }

  /**
   * Builds again, and when that went well starts the program again.
   * @param {string} name
   * @param {() => Promise<boolean>} build
   * @param {() => Promise<unknown>} start
   */
  async #replace(name, build, start) {
    if (this.#ending) return;
    console.log('\nSomething has changed: building …');
    if (!(await build())) {
      console.log(`The build has failed; ${name} goes on with the last good one.\n`);
      return;
    }
    await this.#children.stop(name);
    if (this.#ending) return;
    await start();
    console.log(`\nStarted again: ${name}.\n`);
  }

  /**
   * @param {number} exitCode
   * @param {string} message
   */
  async #end(exitCode, message) {
    if (this.#ending) return;
    this.#ending = true;
    console.log(message);
    await this.#children.stopAll();
    process.exit(exitCode);
  }
}

async function canBuildSandbox() {
  try {
    await buildSandbox();
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

/** @param {{ port: number, sandboxUrl: string | undefined, keptFlows: boolean }} demo */
function announce({ port, sandboxUrl, keptFlows }) {
  const agent = sandboxUrl
    ? `See what the agent receives   ${sandboxUrl}${port === defaultPort ? '' : `/?node-red-port=${port}`}`
    : 'POKE_API_KEY is set: messages go to your real Poke.';
  const flows = keptFlows
    ? 'These are your flows of last time; "npm start -- --reset" puts the examples back.'
    : 'The example flows are deployed; what you change is kept in build/demo.';
  console.log(`
  Open the editor               http://127.0.0.1:${port}
  ${agent}

  ${flows}
  Ctrl-C stops everything.
`);
}
