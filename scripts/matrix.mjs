import { requirePrerequisites } from './prerequisites.mjs';

requirePrerequisites('20.19');
const { allCombinations, combinationName, combinationNamed } = await import(
  './matrix/combination.mjs'
);
const { runMatrix } = await import('./matrix/run-matrix.mjs');

const usage = `npm run test:matrix [-- combinations] [vitest options]   tests each Node-RED on each Node.js that it supports
  4.0/20 5.0/22            only these of ${allCombinations.map(combinationName).join(', ')}
  --project runtime        only these tests of runtime, editor, beside
  test/runtime/durable     only the test files with that in their path`;

/** @param {readonly string[]} args */
function readOptions(args) {
  const isCombination = (/** @type {string} */ arg) => /^[\d.]+\/\d+$/.test(arg);
  const named = args.filter(isCombination).map(combinationNamed);
  return {
    combinations: named.length > 0 ? named : allCombinations,
    vitestArgs: args.filter((arg) => !isCombination(arg)),
  };
}

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(usage);
} else {
  try {
    process.exitCode = await runMatrix(readOptions(args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
