import { describe, expect, it } from 'vitest';
import { answer, byHand, half, json } from '../../support/scripted-answers.js';
import { bodyShapes } from '../body-shapes.js';
import { failureOf } from '../failure-of.js';
import { usePoke } from '../use-poke.js';

const poke = usePoke();
const megabyte = 1024 * 1024;
const wrapping = '{"message":""}'.length;

describe('an answer on the wire', () => {
  it.each(bodyShapes)('with $name is understood, chunked or not', async ({ body, detail }) => {
    const words = detail === '' ? 'and gave no reason' : detail;
    const client = poke.client();
    poke.server.script(answer(500, body), answer(500, body, { 'transfer-encoding': 'chunked' }));
    for (const text of ['whole', 'chunked']) {
      const error = await failureOf(client.sendMessage(text));
      expect(error).toMatchObject({ code: 'ERR_POKE_API', status: 500 });
      expect(error.message).toContain(words);
    }
    expect(poke.server.listener.opened).toBe(1);
  });

  it('with the header Retry-After says how long to wait', async () => {
    poke.server.script(json(429, { retryAfterMs: 1 }, { 'retry-after': '7' }));
    const error = await failureOf(poke.client().sendMessage('Hi'));
    expect(error).toMatchObject({ code: 'ERR_POKE_RATE_LIMIT', retryAfterMs: 7000 });
  });

  it('that comes byte by byte is put together, also within a letter', async () => {
    poke.server.script(byHand());
    const call = poke.client().sendMessage('Hi');
    const { response } = await poke.server.received();
    response.writeHead(200);
    for (const byte of Buffer.from('{"success":true,"message":"Grüße 🧺"}')) {
      await new Promise((resolve) => response.write(Buffer.of(byte), resolve));
    }
    response.end();
    await expect(call).resolves.toStrictEqual({ success: true, message: 'Grüße 🧺' });
  });

  it('of an error that is cut off still has its status', async () => {
    poke.server.script(half(401, '{"error":', 'end'), half(503, 'Service is do', 'end'));
    const client = poke.client();
    await expect(failureOf(client.sendMessage('Hi'))).resolves.toMatchObject({ status: 401 });
    const error = await failureOf(client.sendMessage('Hi'));
    expect(error.message).toBe('Poke answered with an error (503): Service is do');
  });

  it('has its body read no further than 1 MiB', async () => {
    poke.server.script(answer(500, 'x'.repeat(40 * megabyte)), byHand());
    const error = await failureOf(poke.client().sendMessage('Hi'));
    expect(error).toMatchObject({ code: 'ERR_POKE_API', status: 500 });
    await poke.server.listener.allClosed();
  });

  it.each([
    [megabyte, megabyte - wrapping],
    [megabyte + 1, 0],
  ])('of %d bytes gives a message of %d letters', async (bytes, letters) => {
    poke.server.script(answer(200, `{"message":"${'x'.repeat(bytes - wrapping)}"}`));
    const { message } = await poke.client().sendMessage('Hi');
    expect(message).toHaveLength(letters);
  });

  it('may be a body without an end', async () => {
    poke.server.script(byHand());
    const call = poke.client().sendMessage('Hi');
    const { response } = await poke.server.received();
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write('y'.repeat(65_536)));
    };
    response.on('drain', pour);
    pour();
    await expect(call).resolves.toMatchObject({ success: true });
    await poke.server.listener.allClosed();
  });
});

describe('a 2xx is final on the wire', () => {
  it.each([
    ['empty', answer(200), { success: true, message: '' }],
    ['204', answer(204), { success: true, message: '' }],
    ['garbage', answer(200, Buffer.of(0xff, 0xfe, 0x00, 0x31)), { success: true }],
    ['html', answer(202, '<html>ok</html>'), { success: true, message: '' }],
    [
      'compressed without being asked',
      answer(200, '\u001f\u008b', { 'content-encoding': 'gzip' }),
      {},
    ],
    ['cut off', half(200, '{"success":tr', 'end'), { success: true, message: '' }],
    ['cut off at once', half(200, '', 'end'), { success: true, message: '' }],
    [
      'too long',
      answer(200, `{"message":"${'x'.repeat(2 * megabyte)}"}`),
      { success: true, message: '' },
    ],
  ])('%s', async (_name, behaviour, expected) => {
    poke.server.script(behaviour);
    await expect(poke.client().sendMessage('Hi')).resolves.toMatchObject(expected);
    expect(poke.server.exchanges).toHaveLength(1);
  });

  it('but {"success": false} is a rejection', async () => {
    poke.server.script(json(200, { success: false, message: 'No phone number' }));
    const error = await failureOf(poke.client().sendMessage('Hi'));
    expect(error).toMatchObject({
      code: 'ERR_POKE_API',
      status: 200,
      message: 'Poke did not accept it: No phone number',
    });
  });
});

describe('a request on the wire', () => {
  it('carries text of any kind byte for byte', async () => {
    const client = poke.client();
    const texts = ['ä€😀', 'a\ud83d', '\udc00b', 'a"\\\n\u2028\u0000', '𝒳'.repeat(1000)];
    for (const text of texts) await client.sendMessage(text);
    expect(poke.server.exchanges.map(({ body }) => body.toString())).toStrictEqual(
      texts.map((message) => JSON.stringify({ message })),
    );
  });

  it('carries 1 MB of text', async () => {
    const text = '🧺'.repeat(megabyte / 4);
    await poke.client().sendMessage(text);
    const { body, headers } = await poke.server.received();
    expect(body.equals(Buffer.from(JSON.stringify({ message: text })))).toBe(true);
    expect(headers['content-length']).toBe(String(megabyte + wrapping));
  });

  it('carries a body of 10 MiB', async () => {
    await poke.client().sendMessage('x'.repeat(10 * megabyte - wrapping));
    const { body } = await poke.server.received();
    expect(body).toHaveLength(10 * megabyte);
  });

  it('carries no more than that, and counts bytes instead of letters', async () => {
    const client = poke.client();
    for (const text of ['x'.repeat(10 * megabyte - wrapping + 1), 'ü'.repeat(5 * megabyte)]) {
      const error = await failureOf(client.sendMessage(text));
      expect(error).toMatchObject({
        code: 'ERR_POKE_INPUT',
        reason: 'bodyTooLarge',
        message: 'The message is too large: 10.1 MB, and at most 10 MB are sent. Send less.',
        requestSent: false,
      });
    }
    expect(poke.server.listener.opened).toBe(0);
  });
});
