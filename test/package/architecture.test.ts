import { describe, expect, it } from 'vitest';
import { forbiddenImports, importsOf } from './import-rules.js';
import { sourceFiles } from './source-files.js';

const library = sourceFiles('src', '.ts');
const nodes = sourceFiles('nodes', '.ts');

describe('the parts of the package know each other in one direction only', () => {
  it.each([...library, ...nodes])('$path', (file) => {
    expect(forbiddenImports(file)).toStrictEqual([]);
  });

  it('with all the code looked at', () => {
    expect(library.length).toBeGreaterThan(20);
    expect(nodes.length).toBeGreaterThan(15);
    expect(library.flatMap(importsOf).length).toBeGreaterThan(50);
  });

  it('with axios in one file', () => {
    const users = [...library, ...nodes].filter((file) =>
      importsOf(file).some(({ target }) => /^axios(?:\/|$)/.test(target)),
    );
    expect(users.map(({ path }) => path)).toStrictEqual(['src/client/http.ts']);
  });
});

describe('the check sees', () => {
  it.each([
    ['axios elsewhere', 'src/client/poke.ts', "import axios from 'axios';", 'axios'],
    ['a part of axios', 'src/client/http.ts', "import x from 'axios/unsafe';", 'axios/unsafe'],
    [
      'the library knowing the nodes',
      'src/index.ts',
      "export * from '../nodes/common/report.js';",
      'nodes/common/report',
    ],
    [
      'the library knowing Node-RED',
      'src/clock.ts',
      "import type { Node } from 'node-red';",
      'node-red',
    ],
    [
      'shared code that needs Node.js',
      'src/shared/urls.ts',
      "import { URL } from 'node:url';",
      'node:url',
    ],
    ['shared code that needs the rest', 'src/shared/urls.ts', "import '../clock.js';", 'src/clock'],
    [
      'a node going past the index',
      'nodes/account/account.ts',
      "import { x } from '../../src/client/poke.js';",
      'src/client/poke',
    ],
    [
      'a node going past it for a type',
      'nodes/common/report.ts',
      "import type { x } from '../../src/client/poke.js';",
      'src/client/poke',
    ],
    [
      'a node knowing another',
      'nodes/send-message/send-message.ts',
      "import { x } from '../account/admin.js';",
      'nodes/account/admin',
    ],
    [
      'a node using the account',
      'nodes/send-message/send-message.ts',
      "import { x, type Y } from '../account/account.js';",
      'nodes/account/account',
    ],
    [
      'a node using its editor half',
      'nodes/account/account.ts',
      "import { x } from './editor/test-button.js';",
      'nodes/account/editor/test-button',
    ],
    [
      'a node using Node-RED itself',
      'nodes/account/account.ts',
      "import RED from 'node-red';",
      'node-red',
    ],
    [
      'an editor using the library',
      'nodes/account/editor.ts',
      "import { x } from '../../src/index.js';",
      'src/index',
    ],
    [
      'an editor using the runtime',
      'nodes/account/editor.ts',
      "import { x } from './account.js';",
      'nodes/account/account',
    ],
    [
      'an editor knowing another',
      'nodes/account/editor/x.ts',
      "import { x } from '../../send-message/definition.js';",
      'nodes/send-message/definition',
    ],
    [
      'an editor using more than types of the account',
      'nodes/webhook/editor/x.ts',
      "import { x, type Y } from '../../account/definition.js';",
      'nodes/account/definition',
    ],
    ['an editor using a package', 'nodes/account/editor.ts', "import x from 'jquery';", 'jquery'],
    [
      'common code using the editor',
      'nodes/common/report.ts',
      "import './editor/typed-input-field.js';",
      'nodes/common/editor/typed-input-field',
    ],
    [
      'common code using the account',
      'nodes/common/account.ts',
      "import { x } from '../account/account.js';",
      'nodes/account/account',
    ],
    ['require', 'src/clock.ts', "const x = require('axios');", 'axios'],
    ['import =', 'src/clock.ts', "import x = require('axios');", 'axios'],
    ['import()', 'src/clock.ts', "const x = () => import('axios');", 'axios'],
    [
      'import() of a name made up',
      'src/clock.ts',
      'const x = import(`a${y}`);',
      'what cannot be told',
    ],
    ['a type by import()', 'src/clock.ts', "let x: import('axios').Axios;", 'axios'],
    ['export from', 'src/clock.ts', "export { x } from 'axios';", 'axios'],
  ])('%s', (_what, path, text, target) => {
    expect(forbiddenImports({ path, text })).toStrictEqual([`${path} imports ${target}`]);
  });

  it.each([
    ['src/client/http.ts', "import axios from 'axios'; import { request } from 'node:http';"],
    ['src/client/poke.ts', "import('./http.js'); import { x } from '../shared/urls.js';"],
    ['nodes/common/account.ts', "import type { AccountNode } from '../account/account.js';"],
    ['nodes/send-message/x.ts', "import { type AccountNode } from '../account/account.js';"],
    ['nodes/common/webhook.ts', "import type { WebhookNode } from '../webhook/webhook.js';"],
    ['nodes/webhook/editor/x.ts', "import type { Y } from '../../account/definition.js';"],
    ['nodes/account/editor/x.ts', "import type { Y } from '../definition.js'; import './z.js';"],
    [
      'nodes/account/admin.ts',
      "import type { Request } from 'express'; import { x } from '../../src/index.js';",
    ],
  ])('nothing wrong in %s: %s', (path, text) => {
    expect(forbiddenImports({ path, text })).toStrictEqual([]);
  });

  it('a file in a place that no rule is for', () => {
    expect(forbiddenImports({ path: 'lib/x.ts', text: '' })).toStrictEqual([
      'lib/x.ts is under no rule',
    ]);
  });
});
