import { describe, expect, it } from 'vitest';
import { publicHost } from '../../nodes/mcp-server/editor/public-host.js';

const ofEditorAt = (url: string) => publicHost(new URL(url));

describe('the host that Poke might reach', () => {
  it.each([
    ['https://house.example/', 'house.example'],
    ['https://house.example:8443/red/#flow/1', 'house.example:8443'],
  ])('is that of the editor at %s', (url, host) => {
    expect(ofEditorAt(url)).toBe(host);
  });

  it.each([
    'http://house.example/',
    'http://192.168.1.7:1880/',
    'https://localhost:1880/',
    'https://127.0.0.1:1880/',
    'https://house.example/api/hassio_ingress/a-token/',
  ])('is not that of the editor at %s', (url) => {
    expect(ofEditorAt(url)).toBeUndefined();
  });
});
