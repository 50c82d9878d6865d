const { readdirSync } = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

/** What this process holds when all that nobody uses any more is gone. */
function held(events) {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const listeners = events.eventNames().map((name) => events.listenerCount(name));
  return {
    memoryBytes: heapUsed + external,
    rssBytes: rss,
    fileDescriptors: countFileDescriptors(),
    listeners: listeners.reduce((sum, count) => sum + count, 0),
    resources,
  };
}

/** Not everywhere can that be read. */
function countFileDescriptors() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

module.exports = { held };
