import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { NumberedServer } from './numbered-server.js';
import { OutboxRig, type RigOptions } from './outbox-rig.js';

/** A server and a folder for each test, and outboxes between them. */
export interface FaultRigs {
  readonly server: NumberedServer;
  readonly folder: string;
  open(options?: Partial<RigOptions>): Promise<OutboxRig>;
  /** One whose folder is not open yet. */
  begin(options?: Partial<RigOptions>): OutboxRig;
}

/** Gives each test of the file its own, and closes what it has opened. */
export function useFaultRig(): FaultRigs {
  let server: NumberedServer | undefined;
  let folder = '';
  const rigs: OutboxRig[] = [];
  beforeEach(async () => {
    server = await NumberedServer.start();
    folder = path.join(await makeTemporaryDirectory(), 'deliveries');
  });
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.close();
    await server?.close();
  });
  return {
    get server() {
      if (!server) throw new Error('The server is there during tests only.');
      return server;
    },
    get folder() {
      return folder;
    },
    async open(options) {
      const rig = this.begin(options);
      await rig.opened();
      return rig;
    },
    begin(options) {
      const rig = OutboxRig.begin({ server: this.server, folder, ...options });
      rigs.push(rig);
      return rig;
    },
  };
}
