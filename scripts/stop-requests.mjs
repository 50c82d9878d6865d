const signalEchoMs = 1_000;
const parentCheckMs = 500;

/**
 * Calls `onFirst` when this process is told to stop, and `onImpatient` when a person who tires of waiting says so again.
 * @param {{ onFirst: () => void, onImpatient: () => void }} listeners
 */
export function onStopRequest({ onFirst, onImpatient }) {
  // A closed terminal takes no more text, which is no reason to leave the children behind.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  /** @type {number | undefined} */
  let firstAt;
  const onRequest = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      onFirst();
    } else if (performance.now() - firstAt > signalEchoMs) {
      // Sooner it is an echo: Ctrl-C comes from the terminal, and then once more from npm.
      onImpatient();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onRequest);
  if (process.env['npm_lifecycle_event']) onParentGone(onRequest);
}

/**
 * npm runs a script in a shell, and a SIGTERM that npm gets ends the shell only.
 * @param {() => void} callback
 */
function onParentGone(callback) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, parentCheckMs);
}
