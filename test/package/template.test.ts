import { describe, expect, it } from 'vitest';
import { readEditorHtml, registeredLiterals, runEditorScript } from './editor-html.js';
import { fieldsOf, markupProblems } from './template.js';

describe('the check of a dialog', () => {
  it.each([
    ['<div><p>x</div>', ['</div> closes p', '<div> is not closed', '<p> is not closed']],
    ['</div>', ['</div> closes nothing']],
    ['<div><input id="a"><input id="a"></div>', ['two have the id a']],
    ['<div class=x></div>', ['</div> closes nothing', 'a tag cannot be read']],
    ['<div>a < b</div>', ['a tag cannot be read']],
    ['<div><br><input type="text" disabled><i class="fa"></i> x</div>', []],
  ])('%s', (template, problems) => {
    expect(markupProblems(template)).toStrictEqual(problems);
  });

  it('finds the fields and their labels, of each kind of node', () => {
    const template =
      '<label for="node-input-a"></label><input id="node-input-a"><input id="node-config-input-b">';
    expect(fieldsOf(template, {})).toStrictEqual({ fields: ['a'], labelled: ['a'] });
    expect(fieldsOf(template, { category: 'config' })).toStrictEqual({
      fields: ['b'],
      labelled: [],
    });
  });
});

describe('the check of a registration', () => {
  it('tells literals from what only looks like them', () => {
    const script =
      "const b = 'x'; RED.nodes.registerType('a', { icon: 'i', color: b, inputs: 1 });";
    expect(registeredLiterals(script)).toStrictEqual(new Map([['a', { icon: 'i', inputs: 1 }]]));
  });

  it.each([
    ['a type that is no literal', 'RED.nodes.registerType(type, {});'],
    ['a definition that is no object literal', "RED.nodes.registerType('a', definition);"],
    ['a spread', "RED.nodes.registerType('a', { ...common });"],
    ['what is no script', "import x from 'y';"],
  ])('refuses %s', (_what, script) => {
    expect(() => registeredLiterals(script)).toThrow(Error);
  });

  it('refuses html that is not one dialog and one script', () => {
    expect(() => readEditorHtml('<script type="text/javascript">\n1\n</script>\n')).toThrow(Error);
  });

  it('refuses a script that registers two types', () => {
    const one = "RED.nodes.registerType('a', { defaults: {} });";
    expect(runEditorScript(one).type).toBe('a');
    expect(() => runEditorScript(one + one)).toThrow(Error);
  });
});
