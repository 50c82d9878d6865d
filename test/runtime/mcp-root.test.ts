import { beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_KEY, toolFlow, toolNode } from '../support/mcp-flows.js';
import { postMcp } from '../support/mcp-requests.js';
import { usePokeRuntime, versions } from './poke-runtime.js';

const TUNNEL = '/0f8fad5b-d9cb-469f-a165-70867728950e';
const noKey = { authorization: '' };

describe.each(versions)('in Node-RED %s with a httpNodeRoot', (version) => {
  const runtime = usePokeRuntime(version, () => ({ settings: { httpNodeRoot: '/api' } }));
  const statusOf = async (path: string, headers = {}) =>
    (await postMcp(runtime.current.nodeRed.url + path, { method: 'ping' }, headers)).status;

  beforeAll(async () => {
    const credentials = { server: { accessKey: ACCESS_KEY } };
    await runtime.current.nodeRed.deploy(toolFlow(toolNode()), credentials);
  });

  it.each(['/api/poke/mcp', `${TUNNEL}/api/poke/mcp`, `/api${TUNNEL}/poke/mcp`])(
    'the server is at %s, for those who have the key',
    async (path) => {
      expect(await statusOf(path)).toBe(200);
      expect(await statusOf(path, noKey)).toBe(401);
      expect(await statusOf(`${path}/${ACCESS_KEY}`, noKey)).toBe(200);
    },
  );

  it.each(['/poke/mcp', `${TUNNEL}/poke/mcp`, `${TUNNEL}/api/poke/mcp/wrong`, `${TUNNEL}/flows`])(
    'there is nothing at %s',
    async (path) => {
      expect(await statusOf(path, noKey)).toBe(404);
    },
  );
});
