import { existsSync, readFileSync, rmSync } from 'node:fs';
import { buildSandbox } from './build-sandbox.mjs';
import { npmCli } from './npm-cli.mjs';
import { projectPath } from './project-path.mjs';
import { runNode } from './run-node.mjs';
import { ensureBrowser, installNodeRed5 } from './test-preparations.mjs';

/** What the tests of a project need before they run; the packed package is made by their own set-up. */
const preparations = [
  { prepare: installNodeRed5, projects: ['package', 'runtime', 'faults', 'editor'] },
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
  const chosen = chosenProjects(vitestArgs);
  for (const { prepare, projects } of preparations) {
    if (!chosen || projects.some((project) => chosen.includes(project))) await prepare();
  }
  return runVitest(vitestArgs);
}

/**
 * The values of `--project`; undefined when there is none, or a pattern, so that any project may run.
 * @param {readonly string[]} args
 */
function chosenProjects(args) {
  const names = args.flatMap((arg, index) => {
    if (arg === '--project') return args[index + 1] ?? [];
    return arg.startsWith('--project=') ? arg.slice('--project='.length) : [];
  });
  return names.length === 0 || names.some((name) => /[*!]/.test(name)) ? undefined : names;
}

/** @param {readonly string[]} args */
async function runVitest(args) {
  const results = projectPath('build', 'test-results.json');
  rmSync(results, { force: true });
  const vitest = projectPath('node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const { FORCE_COLOR, ...plain } = process.env;
  const code = await runNode([vitest, 'run', ...reporters, '--allowOnly=false', ...args], {
    env: process.stdout.isTTY ? process.env : { ...plain, NO_COLOR: '1' },
  });
  const { passed, failed } = countTests(results);
  console.log(`${passed} passed, ${code === 0 ? failed : Math.max(failed, 1)} failed`);
  return code;
}

/**
 * A file that fails outside its tests counts as one failed test.
 * @param {string} resultsFile what vitest's json reporter has written
 */
function countTests(resultsFile) {
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = existsSync(resultsFile)
    ? JSON.parse(readFileSync(resultsFile, 'utf8'))
    : { testResults: [] };
  let passed = 0;
  let failed = 0;
  for (const { status, assertionResults } of testResults) {
    const failures = assertionResults.filter((test) => test.status === 'failed').length;
    passed += assertionResults.filter((test) => test.status === 'passed').length;
    failed += status === 'failed' ? Math.max(failures, 1) : failures;
  }
  return { passed, failed };
}
