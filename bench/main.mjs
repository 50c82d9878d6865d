import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { requirePrerequisites } from '../scripts/prerequisites.mjs';

requirePrerequisites('20');
const { projectPath } = await import('../scripts/project-path.mjs');
const { runNode } = await import('../scripts/run-node.mjs');
const { howToReadRatios, reportAsMarkdown, sectionAsText } = await import('./report.mjs');

/** @type {Record<string, (options: { quick: boolean }) => Promise<import('./report.mjs').Section>>} */
const measurements = {
  clients: (await import('./sections/clients.mjs')).measure,
  outbox: (await import('./sections/outbox.mjs')).measure,
  loading: (await import('./sections/loading.mjs')).measure,
  size: (await import('./sections/size.mjs')).measure,
  'node-red': (await import('./sections/node-red.mjs')).measure,
  outage: (await import('./sections/outage.mjs')).measure,
};
const sectionNames = Object.keys(measurements);
const timeLimitMs = 5 * 60_000;

const usage = `npm run bench [-- options]   measures the package, prints tables, and writes them to docs/benchmarks.md
  --only clients,outbox      only these of ${sectionNames.join(', ')}; writes no file
  --quick                    fewer and shorter rounds, to see that all is well; writes no file`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const chosen = values.only?.split(',') ?? sectionNames;
    for (const name of chosen) measurementOf(name);
    return { ...values, chosen };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(1);
  }
}

/** @param {string} name of a section */
function measurementOf(name) {
  const measure = measurements[name];
  if (!measure) throw new Error(`There is no section "${name}".`);
  return measure;
}

/**
 * @param {readonly string[]} names
 * @param {boolean} quick
 */
async function measureAll(names, quick) {
  /** @type {import('./report.mjs').Section[]} */
  const sections = [];
  for (const name of names) {
    console.log(`Measuring ${name} …\n`);
    const startMs = performance.now();
    const section = await measurementOf(name)({ quick });
    console.log(sectionAsText(section));
    console.log(`This took ${Math.round((performance.now() - startMs) / 1000)} s.\n`);
    sections.push(section);
  }
  return sections;
}

/** @param {{ chosen: readonly string[], quick: boolean, only?: string | undefined }} options */
async function run({ chosen, quick, only }) {
  console.log('Building the package …');
  if ((await runNode([projectPath('scripts', 'build.mjs')])) !== 0) {
    throw new Error('Nothing was measured, because the package could not be built.');
  }
  console.log(howToReadRatios);
  const sections = await measureAll(chosen, quick);
  if (quick || only !== undefined) return;
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(projectPath('docs', 'benchmarks.md'), reportAsMarkdown(sections, date));
  console.log('All of this is in docs/benchmarks.md now.');
}

const options = readOptions();
if (options.help) {
  console.log(usage);
} else {
  const timer = setTimeout(() => {
    console.error(
      'This takes more than five minutes: something hangs, or the machine is very busy.',
    );
    process.exit(1);
  }, timeLimitMs);
  try {
    await run(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  clearTimeout(timer);
}
