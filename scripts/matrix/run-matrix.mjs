import { runVitest } from '../run-vitest.mjs';
import { chosenProjects, prepareTests } from '../test-run.mjs';
import { combinationName, combinationVariable } from './combination.mjs';
import { installCombination } from './install-combination.mjs';

/** @typedef {import('./combination.mjs').Combination} Combination */

/**
 * @typedef {object} Outcome
 * @property {string} combination
 * @property {string} versions
 * @property {readonly string[]} counts for each of `planes`
 * @property {'ok' | 'failed' | 'left out'} state
 * @property {string} [reason] why it is left out
 */

const planes = ['runtime', 'editor', 'beside'];
const nothing = '-';

/**
 * Tests the combinations one after the other, and prints a table of how that went.
 * @param {{ combinations: readonly Combination[], vitestArgs: readonly string[] }} options
 * @returns {Promise<number>} the exit code: 0 when there were tests, and all of them have passed
 */
export async function runMatrix({ combinations, vitestArgs }) {
  const chosen = chosenProjects(vitestArgs);
  const projects = chosen ? [] : planes.map((plane) => `--project=${plane}`);
  await prepareTests(chosen ?? planes);
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const combination of combinations) {
    const outcome = await testCombination(combination, [...projects, ...vitestArgs]);
    outcomes.push(outcome);
    console.log(`\n${lineOf(outcome)}\n`);
  }
  console.log(tableOf(outcomes));
  const states = outcomes.map(({ state }) => state);
  return states.includes('ok') && !states.includes('failed') ? 0 : 1;
}

/**
 * @param {Combination} combination
 * @param {readonly string[]} vitestArgs
 * @returns {Promise<Outcome>}
 */
async function testCombination(combination, vitestArgs) {
  const name = combinationName(combination);
  const { nodeRedVersion, nodeVersion, unsupported } = await installCombination(combination);
  const versions = `Node-RED ${nodeRedVersion} on Node.js ${nodeVersion}`;
  const about = { combination: name, versions };
  if (unsupported !== undefined) {
    const counts = planes.map(() => nothing);
    return { ...about, counts, state: 'left out', reason: unsupported };
  }
  console.log(`\n${name}: ${versions}`);
  const environment = { [combinationVariable]: name, EXTRA_PLANES: 'beside' };
  const result = await runVitest(vitestArgs, environment);
  const counts = planes.map((plane) => {
    const ofPlane = result.planes.get(plane);
    return ofPlane ? `${ofPlane.passed} passed, ${ofPlane.failed} failed` : nothing;
  });
  return { ...about, counts, state: result.code === 0 ? 'ok' : 'failed' };
}

/** @param {Outcome} outcome */
function lineOf(outcome) {
  const { combination, versions, counts } = outcome;
  const named = planes.map((plane, index) => `${plane} ${counts[index]}`);
  const told = named.filter((_, index) => counts[index] !== nothing);
  return [`${combination}: ${versions}`, ...told, resultOf(outcome)].join('; ');
}

/** @param {Outcome} outcome */
function cellsOf(outcome) {
  const { combination, versions, counts } = outcome;
  return [combination, versions, ...counts, resultOf(outcome)];
}

/** @param {Outcome} outcome */
function resultOf({ state, reason }) {
  return reason === undefined ? state : `${state}: ${reason}`;
}

/** @param {readonly Outcome[]} outcomes */
function tableOf(outcomes) {
  const rows = [['', 'versions', ...planes, ''], ...outcomes.map(cellsOf)];
  const widthOf = (/** @type {number} */ column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widthOf(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
