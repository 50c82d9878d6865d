import { type CallbackPolicy, DEFAULT_CALLBACK_POLICY } from '../../src/index.js';

const ofServers = new Set<CallbackPolicy>();

/** Adds what an MCP server trusts; the returned function takes it back. */
export function addCallbackPolicy(policy: CallbackPolicy): () => void {
  ofServers.add(policy);
  return () => {
    ofServers.delete(policy);
  };
}

/** What calls are trusted with that came in by no server of ours: Poke, and what any of the servers trusts. */
export const policyOfAllServers: CallbackPolicy = {
  get hosts() {
    return [...DEFAULT_CALLBACK_POLICY.hosts, ...[...ofServers].flatMap(({ hosts }) => hosts)];
  },
  get allowLoopback() {
    return [...ofServers].some(({ allowLoopback }) => allowLoopback);
  },
};
