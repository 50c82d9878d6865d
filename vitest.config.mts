import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const packedPackageSetup = './test/support/packed-package-setup.ts';
const minuteMs = 60_000;

// A developer's own key or login must never reach a test.
delete process.env['POKE_API_KEY'];
delete process.env['POKE_API'];
process.env['XDG_CONFIG_HOME'] = fileURLToPath(new URL('build/no-login', import.meta.url));

/** Files that need modules as nobody has used them: they replace some, or test what happens once in a process. */
const isolated = 'isolated.test.ts';

interface Plane {
  readonly name: string;
  /** The folders of its tests. @default that of its name */
  readonly folders?: string;
  /** Planes run one after the other in this order; equal ones run together. */
  readonly order: number;
  readonly timeoutMs: number;
  /** How many files run at a time. */
  readonly files: number;
  readonly needsPackage?: boolean;
  /** How often a test that failed is tried again. Those that need it are named at the end. @default 0 */
  readonly retries?: number;
}

const planes: readonly Plane[] = [
  { name: 'unit', order: 1, timeoutMs: 10_000, files: 2 },
  { name: 'sandbox', order: 1, timeoutMs: 10_000, files: 2 },
  { name: 'isolated', folders: '{unit,nodes}', order: 1, timeoutMs: 20_000, files: 2 },
  { name: 'package', order: 2, timeoutMs: 2 * minuteMs, files: 2, needsPackage: true },
  // The test helper of Node-RED keeps its state in the process, and slows down beside others.
  { name: 'nodes', order: 3, timeoutMs: 20_000, files: 1 },
  { name: 'runtime', order: 4, timeoutMs: 2 * minuteMs, files: 2, needsPackage: true },
  { name: 'faults', order: 5, timeoutMs: 2 * minuteMs, files: 2, needsPackage: true },
  // A real browser beside a real Node-RED on a busy computer: one of a thousand steps may come too late for its clock.
  { name: 'editor', order: 6, timeoutMs: 2 * minuteMs, files: 2, needsPackage: true, retries: 1 },
];

/** Planes that take long. They are only there when `EXTRA_PLANES` names them, so that `npm test` leaves them out. */
const extraPlanes: readonly Plane[] = [
  { name: 'beside', order: 7, timeoutMs: 5 * minuteMs, files: 1, needsPackage: true },
  { name: 'soak', order: 8, timeoutMs: 10 * minuteMs, files: 1, needsPackage: true },
];

const asked = process.env['EXTRA_PLANES']?.split(',') ?? [];
const present = [...planes, ...extraPlanes.filter(({ name }) => asked.includes(name))];

export default defineConfig({
  test: {
    projects: present.map(
      ({ name, folders = name, order, timeoutMs, files, needsPackage, retries = 0 }) => ({
        test: {
          name,
          include: [`test/${folders}/**/*.${name === 'isolated' ? isolated : 'test.ts'}`],
          exclude: name === 'isolated' ? [] : [`**/*.${isolated}`],
          pool: 'forks' as const,
          // What a worker has loaded once need not be loaded again for the next file.
          isolate: name === 'isolated',
          maxWorkers: files,
          maxConcurrency: 2,
          sequence: { groupOrder: order },
          testTimeout: timeoutMs,
          hookTimeout: timeoutMs,
          retry: retries,
          globalSetup: needsPackage ? [packedPackageSetup] : [],
          expect: { requireAssertions: true },
          server: { deps: { external: [/node_modules/] } },
          // Node.js 20 has a WebSocket, but only behind this.
          execArgv: 'WebSocket' in globalThis ? [] : ['--experimental-websocket'],
        },
      }),
    ),
  },
});
