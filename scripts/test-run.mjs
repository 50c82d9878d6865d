import { buildSandbox } from './build-sandbox.mjs';
import { npmCli } from './npm-cli.mjs';
import { runNode } from './run-node.mjs';
import { runVitest } from './run-vitest.mjs';
import { ensureBrowser, installNodeRed5 } from './test-preparations.mjs';

/** What the tests of a project need before they run; the packed package is made by their own set-up. */
const preparations = [
  { prepare: installNodeRed5, projects: ['package', 'runtime', 'faults', 'editor', 'soak'] },
  { prepare: ensureBrowser, projects: ['editor'] },
  { prepare: () => buildSandbox(), projects: ['package'] },
];

/**
 * Runs everything, or with arguments the tests that they choose.
 * @param {readonly string[]} vitestArgs
 * @returns {Promise<number>} the exit code
 */
export async function testRun(vitestArgs) {
  if (vitestArgs.length > 0) {
    console.log('Arguments choose the tests, so "npm run check" is left out.');
  } else if ((await runNode([npmCli(), 'run', 'check'])) !== 0) {
    console.error('"npm run check" has failed, so no test was run.');
    return 1;
  }
  await prepareTests(chosenProjects(vitestArgs));
  const { code, counts } = await runVitest(vitestArgs);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return code;
}

/**
 * Installs and builds what the tests of these projects need.
 * @param {readonly string[] | undefined} chosen undefined for all
 */
export async function prepareTests(chosen) {
  for (const { prepare, projects } of preparations) {
    if (!chosen || projects.some((project) => chosen.includes(project))) await prepare();
  }
}

/**
 * The values of `--project`; undefined when there is none, or a pattern, so that any project may run.
 * @param {readonly string[]} args
 */
export function chosenProjects(args) {
  const names = args.flatMap((arg, index) => {
    if (arg === '--project') return args[index + 1] ?? [];
    return arg.startsWith('--project=') ? arg.slice('--project='.length) : [];
  });
  return names.length === 0 || names.some((name) => /[*!]/.test(name)) ? undefined : names;
}
