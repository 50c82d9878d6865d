import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, symlink } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { AdminApi } from '../support/admin-api.js';
import { ChangeSignal } from '../support/change-signal.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const copied = [
  ...['examples', 'icons', 'nodes', 'sandbox', 'scripts', 'src', 'package.json'],
  ...['tsconfig.base.json', 'tsconfig.json', 'tsconfig.editor.json'],
];
const startLimitMs = 90_000;
const freePorts = { PORT: '21880', SANDBOX_PORT: '24870' };

/** `npm start` in a copy of the project, so that a developer's own demo is left alone. */
class StartCommand {
  output = '';
  readonly #child: ChildProcess;
  readonly #signal = new ChangeSignal();

  constructor(directory: string, environment: Record<string, string>, ...args: string[]) {
    const { POKE_API_KEY: _, ...inherited } = process.env;
    this.#child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
      cwd: directory,
      env: { ...inherited, ...environment },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#signal.changed();
      });
    }
  }

  /** Resolves when it has printed something like that. */
  async printed(pattern: RegExp): Promise<void> {
    await this.#signal.until(
      () => pattern.exec(this.output) ?? undefined,
      () => `npm start has not come so far:\n${this.output}`,
      startLimitMs,
    );
  }

  /** The two addresses that it prints. */
  async urls(): Promise<{ editor: string; agent: string | undefined }> {
    await this.printed(/Ctrl-C stops/);
    const editor = /Open the editor +(\S+)/.exec(this.output)?.[1] ?? '';
    return { editor, agent: /See what the agent receives +(\S+)/.exec(this.output)?.[1] };
  }

  /** Resolves with the exit code. */
  async end(signal: NodeJS.Signals): Promise<unknown> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    return ((await exit) as unknown[])[0];
  }
}

let command: StartCommand | undefined;

afterEach(async () => {
  await command?.end('SIGKILL');
});

async function copyOfProject(): Promise<string> {
  const directory = path.join(await makeTemporaryDirectory(), 'project');
  await mkdir(directory);
  for (const name of copied) {
    await cp(projectPath(name), path.join(directory, name), { recursive: true });
  }
  await symlink(projectPath('node_modules'), path.join(directory, 'node_modules'), 'junction');
  return directory;
}

/** A server on every address of this computer, at a free port. */
async function occupyPort(): Promise<net.Server> {
  const server = net.createServer().listen(0, '0.0.0.0');
  await once(server, 'listening');
  return server;
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

async function connectTo(url: string): Promise<net.Socket> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  await once(socket, 'connect');
  // Whoever takes it may be killed.
  return socket.on('error', () => undefined);
}

function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

const ownFlow = { id: 'mine', type: 'tab', label: 'My own flow' };

/** Resolves when nothing answers there any more: a process that ends closes its connections one after the other. */
async function becomesUnreachable(url: string): Promise<void> {
  const connectOnce = async () => (await connectTo(url)).destroy();
  await vi.waitFor(() => expect(connectOnce()).rejects.toThrow(/ECONNREFUSED/), startLimitMs);
}

async function flowIds(editor: string): Promise<string[]> {
  return (await new AdminApi(editor).flows()).map(({ id }) => id);
}

describe('npm start, one time after the other', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await copyOfProject();
  });

  it('takes the next free ports, runs the examples, and stops it all on Ctrl-C', async () => {
    const [first, second] = [await occupyPort(), await occupyPort()];
    const [port, sandboxPort] = [portOf(first), portOf(second)];
    command = new StartCommand(directory, {
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
    });
    const { editor, agent = '' } = await command.urls();
    expect(command.output).toContain(
      `Port ${port} is taken: Node-RED gets ${new URL(editor).port}.`,
    );
    expect(command.output).toContain(
      `Port ${sandboxPort} is taken: the sandbox gets ${new URL(agent).port}.`,
    );
    expect((await fetch(agent)).status).toBe(200);
    // The page calls the tools of that Node-RED.
    expect(new URL(agent).search).toBe(`?node-red-port=${new URL(editor).port}`);
    const nodeRed = new AdminApi(editor);
    const own = (await nodeRed.nodes()).filter((set) => set.module === '@poke-nodes/node-red-poke');
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((set) => set.err !== undefined)).toEqual([]);
    const types = (await nodeRed.flows()).map((node) => node.type);
    expect(types).toContain('tab');
    // The one of all examples, and the one with a rate.
    expect(types.filter((type) => type === 'poke-account')).toHaveLength(2);
    await command.printed(/Connected to broker: mqtt:\/\/127\.0\.0\.1:\d+/);
    expect(command.output).not.toMatch(/\[error\]|Connection failed/);
    await nodeRed.post('/flows', [ownFlow]);
    expect(await command.end('SIGINT')).toBe(0);
    await becomesUnreachable(editor);
    await becomesUnreachable(agent);
    first.close();
    second.close();
  });

  it('keeps what a person has changed, and leaves nothing running when it is killed', async () => {
    command = new StartCommand(directory, freePorts);
    const { editor, agent = '' } = await command.urls();
    expect(command.output).toContain('your flows of last time');
    expect(await flowIds(editor)).toEqual([ownFlow.id]);
    const sockets = [await connectTo(editor), await connectTo(agent)];
    const allClosed = Promise.all(sockets.map(closed));
    await command.end('SIGKILL');
    await allClosed;
    await becomesUnreachable(editor);
    await becomesUnreachable(agent);
  });

  it('forgets it when told to reset; uses the real Poke, and no sandbox, for a person who has a key', async () => {
    const own = { POKE_API: 'http://127.0.0.1:9', POKE_API_KEY: 'planted' };
    command = new StartCommand(directory, { ...freePorts, ...own }, '--reset');
    const { editor, agent } = await command.urls();
    expect(agent).toBeUndefined();
    expect(command.output).toContain('messages go to your real Poke');
    expect(command.output).not.toContain('planted');
    expect(await flowIds(editor)).not.toContain(ownFlow.id);
  });
});
