import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectPath } from './project-path.mjs';
import { runNode } from './run-node.mjs';

/** @typedef {{ passed: number, failed: number }} Counts of tests */

/**
 * How the tests ended.
 * @typedef {object} TestResult
 * @property {number} code the exit code of vitest
 * @property {Counts} counts
 * @property {ReadonlyMap<string, Counts>} planes the same for each folder of `test`
 */

/**
 * Runs tests to their end, with this process's output.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment] added to this process's own
 * @returns {Promise<TestResult>}
 */
export async function runVitest(args, environment = {}) {
  const results = projectPath('build', 'test-results.json');
  rmSync(results, { force: true });
  const vitest = projectPath('node_modules', 'vitest', 'vitest.mjs');
  const retried = projectPath('scripts', 'retried-tests-reporter.mjs');
  const reporters = ['default', 'json', retried].map((reporter) => `--reporter=${reporter}`);
  reporters.push(`--outputFile.json=${results}`);
  const { FORCE_COLOR, ...plain } = process.env;
  const env = process.stdout.isTTY ? process.env : { ...plain, NO_COLOR: '1' };
  const code = await runNode([vitest, 'run', ...reporters, '--allowOnly=false', ...args], {
    env: { ...env, ...environment },
  });
  return { code, ...countTests(results, code) };
}

/**
 * A file that fails outside its tests counts as one failed test, and so does a run that fails outside its files.
 * @param {string} resultsFile what vitest's json reporter has written
 * @param {number} code
 */
function countTests(resultsFile, code) {
  /** @type {{ testResults: { name: string, status: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = existsSync(resultsFile)
    ? JSON.parse(readFileSync(resultsFile, 'utf8'))
    : { testResults: [] };
  const counts = { passed: 0, failed: 0 };
  /** @type {Map<string, Counts>} */
  const planes = new Map();
  for (const { name, status, assertionResults } of testResults) {
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    const failures = assertionResults.filter((test) => test.status === 'failed').length;
    const failed = status === 'failed' ? Math.max(failures, 1) : failures;
    const [plane = ''] = path.relative(projectPath('test'), name).split(path.sep);
    const ofPlane = planes.get(plane) ?? { passed: 0, failed: 0 };
    planes.set(plane, { passed: ofPlane.passed + passed, failed: ofPlane.failed + failed });
    counts.passed += passed;
    counts.failed += failed;
  }
  if (code !== 0) counts.failed = Math.max(counts.failed, 1);
  return { counts, planes };
}
