import path from 'node:path';
import ts from 'typescript';
import type { SourceFile } from './source-files.js';

/** One import, export-from, `import()`, `require()` or `import('…').Type`. */
export interface Import {
  /** A file of the project from its top, without its ending, or the name of a package. */
  readonly target: string;
  /** Whether nothing of it is left when TypeScript has compiled it. */
  readonly typeOnly: boolean;
}

interface Rule {
  /** The files that the rule is for; a file is under the first rule that fits. */
  readonly files: RegExp;
  readonly may: readonly RegExp[];
  readonly mayTypes?: readonly RegExp[];
}

const shared = /^src\/shared\//;
const library = [/^src\/index$/, shared, /^node:/];
const ofNodeRed = [/^node-red$/, /^express$/];
/** A flow node knows the types of the config nodes that it uses. */
const ofConfigNodes = [/^nodes\/(account|webhook|mcp-server)\/\1$/];
/** What dialogs and the sidebar ask the account, and what it answers. */
const questions = [/^nodes\/account\/(?:definition|delivery-questions)$/];

/** `<own>` stands for the folder of the node. */
const rules: readonly Rule[] = [
  { files: /^src\/shared\//, may: [shared] },
  { files: /^src\/client\/http\.ts$/, may: [/^src\//, /^node:/, /^axios$/] },
  {
    files: /^src\/mcp\/mcp-sdk\.ts$/,
    may: [/^@modelcontextprotocol\/server(?:\/validators\/ajv)?$/],
  },
  { files: /^src\//, may: [/^src\//, /^node:/] },
  {
    files: /^nodes\/common\/editor\//,
    may: [shared, /^nodes\/common\/editor\//],
    mayTypes: [/^@node-red\/editor-client$/, ...questions],
  },
  {
    files: /^nodes\/common\//,
    may: [...library, /^nodes\/common\/(?!editor\/)/],
    mayTypes: [...ofNodeRed, ...ofConfigNodes],
  },
  {
    files: /^nodes\/[^/]+\/editor(?:\.ts|\/)/,
    may: [shared, /^nodes\/common\/editor\//, /^<own>\/definition$/, /^<own>\/editor\//],
    mayTypes: questions,
  },
  {
    files: /^nodes\/[^/]+\//,
    may: [...library, /^nodes\/common\/(?!editor\/)/, /^<own>\/(?!editor(?:$|\/))/],
    mayTypes: [...ofNodeRed, ...ofConfigNodes],
  },
];

/** The imports of a file that go against the direction in which this project depends on itself, in words. */
export function forbiddenImports(file: SourceFile): string[] {
  const rule = rules.find(({ files }) => files.test(file.path));
  if (!rule) return [`${file.path} is under no rule`];
  const own = file.path.split('/').slice(0, 2).join('/');
  return importsOf(file)
    .filter(({ target, typeOnly }) => {
      const name = target.startsWith(`${own}/`) ? target.replace(own, '<own>') : target;
      const allowed = [...rule.may, ...(typeOnly ? (rule.mayTypes ?? []) : [])];
      return !allowed.some((pattern) => pattern.test(name) || pattern.test(target));
    })
    .map(({ target }) => `${file.path} imports ${target}`);
}

/** Every import of a file, wherever in it. */
export function importsOf({ path: file, text }: SourceFile): Import[] {
  const imports: Import[] = [];
  const note = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    const isText = specifier && ts.isStringLiteralLike(specifier);
    const target = isText ? resolve(file, specifier.text) : 'what cannot be told';
    imports.push({ target, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier, isTypeImport(node.importClause));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      note(node.moduleSpecifier, node.isTypeOnly || isTypeList(node.exportClause));
    } else if (ts.isExternalModuleReference(node)) note(node.expression, false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      note(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && isLoader(node.expression)) {
      note(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return imports;
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return path.posix.join(path.posix.dirname(file), specifier).replace(/\.(?:js|ts)$/, '');
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return !clause.name && isTypeList(clause.namedBindings);
}

function isTypeList(list: ts.Node | undefined): boolean {
  if (!list || !(ts.isNamedImports(list) || ts.isNamedExports(list))) return false;
  return list.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function isLoader(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isPropertyAccessExpression(callee)) return isLoader(callee.expression);
  return ts.isIdentifier(callee) && callee.text === 'require';
}
