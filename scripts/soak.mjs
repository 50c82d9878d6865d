import { requirePrerequisites } from './prerequisites.mjs';

requirePrerequisites('20.19');
const { runVitest } = await import('./run-vitest.mjs');
const { prepareTests } = await import('./test-run.mjs');

await prepareTests(['soak']);
const { code } = await runVitest(['--project=soak', ...process.argv.slice(2)], {
  EXTRA_PLANES: 'soak',
});
process.exitCode = code;
