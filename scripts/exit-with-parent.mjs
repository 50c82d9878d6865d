/**
 * Preloaded (`node --import`) into every Node-RED that a script or a test starts: when the parent is gone, however it
 * went, Node-RED stops its flows and ends, as it does on SIGTERM.
 */
const closeTimeLimitMs = 20_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), closeTimeLimitMs).unref();
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(1);
});
