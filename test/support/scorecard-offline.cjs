// Preloaded into node-red-dev: answers what it asks the network for from the lock files of this project.
// What the newest versions of the dependencies are, nobody knows offline: rule D03 is not judged.
'use strict';

const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const locked = (...lockFile) =>
  JSON.parse(readFileSync(path.join(root, ...lockFile, 'package-lock.json'), 'utf8')).packages;

const ours = locked();
const maintained = ours['node_modules/node-red'];
const latest = locked('test', 'support', 'node-red-5')['node_modules/node-red'];

const documents = {
  '/catalogue.json': { modules: [{ id: '@someone/node-red-other', types: ['other'] }] },
  '/node-red': {
    'dist-tags': { latest: latest.version, 'v4-maintenance': maintained.version },
    versions: { [latest.version]: latest, [maintained.version]: maintained },
  },
};

const stubs = {
  axios: {
    async get(url) {
      const data = documents[new URL(url).pathname];
      if (!data) throw new Error(`Nothing is known offline of ${url}`);
      return { data };
    },
  },
  'npm-remote-ls': {
    config() {},
    ls(name, _range, _flat, answer) {
      answer(
        [...tree(name)].map((member) => `${member}@${ours[`node_modules/${member}`].version}`),
      );
    },
  },
  'npm-check': async () => new Map([['packages', []]]),
};

/** A package and all that it depends on. */
function tree(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const next of Object.keys(ours[`node_modules/${name}`].dependencies ?? {}))
    tree(next, found);
  return found;
}

const load = Module._load;
Module._load = function loadStubFirst(request, ...rest) {
  return Object.hasOwn(stubs, request) ? stubs[request] : load.call(this, request, ...rest);
};
