import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { DeployOptions } from '../support/load-nodes.js';

export interface UserDir {
  /** The one of the running test. */
  readonly path: string;
  /** Deploys into a Node-RED that has it. */
  readonly options: DeployOptions;
}

/** Gives every test a user directory, and with it a Node-RED that knows no webhooks yet. */
export function useUserDir(): UserDir {
  let userDir = '';
  beforeEach(() => {
    userDir = mkdtempSync(path.join(os.tmpdir(), 'node-red-poke-'));
  });
  afterEach(() => {
    rmSync(userDir, { recursive: true, force: true });
  });
  return {
    get path() {
      return userDir;
    },
    options: {
      prepare: (RED) => {
        RED.settings.userDir = userDir;
      },
    },
  };
}
