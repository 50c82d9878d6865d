import { parseArgs } from 'node:util';
import { requirePrerequisites } from './prerequisites.mjs';

requirePrerequisites('20');
const { Demo } = await import('./demo.mjs');

const usage = `npm start [-- --reset]   builds everything, then runs a sandbox of Poke and a Node-RED with the example flows
npm run dev              the same, and builds and restarts when a source file changes
  --reset                puts the example flows back, as they were before you changed them`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        watch: { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(1);
  }
}

const { help, reset, watch } = readOptions();
if (help) {
  console.log(usage);
} else {
  await new Demo({ reset, watch }).run();
}
