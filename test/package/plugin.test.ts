import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { registeredLiterals } from './editor-html.js';
import { installedFiles, readInstalled, shippedPlugins } from './installed-package.js';

const HTML = /^<style>\n(.*?)<\/style>\n\n<script type="text\/javascript">\n(.*?)<\/script>\n$/s;

it('there is one plugin: the tab in the sidebar', () => {
  expect(shippedPlugins()).toStrictEqual([{ name: 'sidebar', directory: 'dist/nodes/sidebar' }]);
});

describe.each(shippedPlugins())('the plugin $name', ({ name, directory }) => {
  const html = readInstalled(`${directory}/${name}.html`);
  const [, style = '', script = ''] = HTML.exec(html) ?? [];

  it('has its texts where Node-RED looks for them, and nothing that runs on the server', () => {
    expect(installedFiles().filter((file) => file.startsWith(`${directory}/`))).toStrictEqual([
      ...['de', 'en-US', 'ja', 'zh-CN'].map(
        (locale) => `${directory}/locales/${locale}/${name}.json`,
      ),
      `${directory}/${name}.html`,
    ]);
  });

  it('registers itself, and no node', () => {
    const registered: string[] = [];
    const plugins = { registerPlugin: (id: string) => registered.push(id) };
    runInNewContext(script, { RED: { plugins } });
    expect(registered).toStrictEqual(['poke-deliveries']);
    expect(registeredLiterals(script)).toStrictEqual(new Map());
  });

  it("takes its colours from the editor's theme, and changes nothing but its own", () => {
    const rules = [...style.matchAll(/([^{}]+)\{([^{}]*)\}/g)];
    const selectors = rules.flatMap(([, list = '']) => list.split(',').map((one) => one.trim()));
    expect(selectors.length).toBeGreaterThan(10);
    expect(selectors.filter((selector) => !selector.startsWith('.poke-'))).toStrictEqual([]);
    const colours = [...style.matchAll(/(?:color|background|border[\w-]*):\s*([^;]+);/g)]
      .map(([, value = '']) => value)
      .filter((value) => !/^(?:[\w ]*var\(--red-ui-[\w-]+\)|none|0)$/.test(value));
    expect(colours).toStrictEqual([]);
  });
});
