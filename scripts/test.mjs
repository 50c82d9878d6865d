import { requirePrerequisites } from './prerequisites.mjs';

requirePrerequisites('20.19');
const { testRun } = await import('./test-run.mjs');

try {
  process.exitCode = await testRun(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
