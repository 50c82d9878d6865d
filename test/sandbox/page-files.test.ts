import { describe, expect, it } from 'vitest';
import { call } from './http-client.js';
import { useSandbox } from './use-sandbox.js';

const use = useSandbox();
const get = (path: string) => call(use.sandbox.url + path, { method: 'GET' });

describe('the page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/page.css', 'text/css; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
  ])('is served: %s', async (path, type) => {
    const answer = await get(path);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(type);
  });

  it('allows only its own scripts and styles, and no frame around it', async () => {
    const { headers } = await get('/');

    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('has no inline script, style or event handler, and asks nothing of other hosts', async () => {
    const { text } = await get('/');

    expect(text).not.toMatch(/\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)/);
    expect(text).not.toMatch(/https?:\/\//);
  });

  it('says how to build its script when it is missing', async () => {
    const answer = await get('/page.js');

    expect(answer.status).toBe(404);
    expect(answer.text).toContain('node scripts/build-sandbox.mjs');
  });

  it.each([
    '/nothing',
    '/page.ts',
    '/../server.ts',
    '/page.css/',
    '/%2e%2e/server.ts',
    '//',
    '/sandbox',
  ])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('is only read', async () => {
    expect((await call(use.sandbox.url, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('can be asked for with a query', async () => {
    expect((await get('/?a=b')).status).toBe(200);
  });
});
