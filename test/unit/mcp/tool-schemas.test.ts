import { describe, expect, it } from 'vitest';
import { resultOf, useEndpoint } from './use-endpoint.js';

const mcp = useEndpoint();

/** Adds a tool that answers with what it was given, and has to be given `property`. */
function addTool(name: string, property: string) {
  return mcp.endpoint.add(
    name,
    (call) => {
      call.reply({ text: JSON.stringify(call.facts.arguments), isError: false, final: true });
    },
    { inputSchema: { $id: 'https://example.com/arguments', type: 'object', required: [property] } },
  );
}

const refusal = (property: string) =>
  resultOf(expect.stringContaining(`must have required property '${property}'`), true);

describe('schemas of the same $id', () => {
  it('are those of their tools all the same', async () => {
    addTool('open', 'door');
    addTool('dim', 'lamp');
    expect(await mcp.endpoint.call('open', { door: 1 })).toStrictEqual(resultOf('{"door":1}'));
    expect(await mcp.endpoint.call('dim', { lamp: 1 })).toStrictEqual(resultOf('{"lamp":1}'));
    expect(await mcp.endpoint.call('dim', { door: 1 })).toStrictEqual(refusal('lamp'));
  });

  it('are the newest ones when a tool is replaced', async () => {
    const { server } = mcp.endpoint;
    const before = addTool('open', 'door');
    await server.checkSchema(before);
    server.tools.remove(before);
    await server.checkSchema(addTool('open', 'window'));
    expect(await mcp.endpoint.call('open', { window: 1 })).toStrictEqual(resultOf('{"window":1}'));
    expect(await mcp.endpoint.call('open', { door: 1 })).toStrictEqual(refusal('window'));
  });

  it('are each checked', async () => {
    const { server } = mcp.endpoint;
    const good = addTool('open', 'door');
    await server.checkSchema(good);
    const bad = { ...good, inputSchema: { ...good.inputSchema, required: 'door' } };
    await expect(server.checkSchema(bad)).rejects.toMatchObject({ reason: 'schemaUnusable' });
  });
});
