import { readFileSync } from 'node:fs';
import { projectPath } from '../../scripts/project-path.mjs';
import { Program, withPrograms } from '../program.mjs';
import { atMost } from '../report.mjs';
import { interleaved } from '../rounds.mjs';
import { ratioOfMedians, ratioSpread } from '../statistics.mjs';

/**
 * What the package adds to the start of Node-RED.
 * @param {{ quick: boolean }} options
 * @returns {Promise<import('../report.mjs').Section>}
 */
export async function measure({ quick }) {
  const files = nodeFiles();
  const axios = { label: '`axios` alone', modules: ['axios'], areNodes: false };
  const ours = {
    label: `all ${files.length} nodes of this package`,
    modules: files,
    areNodes: true,
  };
  const empty = {
    label: 'one empty node',
    modules: [projectPath('bench', 'programs', 'empty-node.cjs')],
    areNodes: true,
  };
  const candidates = [axios, ours, empty];
  await interleaved(1, candidates, load); // So that the files are in memory.
  const measured = await interleaved(quick ? 3 : 15, candidates, load);
  const base = measured.get(axios) ?? [];
  return {
    title: 'Loading',
    intro:
      'Each time a new process loads the files with `require`, and has nodes register with a stand-in for ' +
      'Node-RED. The files are in the memory of the system. Measured is the time within the process, ' +
      'relative to that of `axios`, which the package itself only loads at the first request.',
    columns: ['What is loaded', 'Time, × that of `axios`'],
    rows: candidates.map((candidate) => [
      candidate.label,
      candidate === axios ? '1' : ratioSpread(measured.get(candidate) ?? [], base),
    ]),
    targets: [
      atMost(
        'Time to load all nodes relative to `axios` alone',
        0.75,
        ratioOfMedians(measured.get(ours) ?? [], base),
      ),
    ],
  };
}

function nodeFiles() {
  const manifest = JSON.parse(readFileSync(projectPath('package.json'), 'utf8'));
  return Object.values(manifest['node-red'].nodes).map((file) => projectPath(String(file)));
}

/**
 * @param {{ modules: string[], areNodes: boolean }} candidate
 * @returns {Promise<number>} milliseconds
 */
async function load({ modules, areNodes }) {
  const program = new Program('load');
  const { loadMs } = await withPrograms([program], () => program.ask({ modules, areNodes }));
  return loadMs;
}
