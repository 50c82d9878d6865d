import ts from 'typescript';
import type { SourceFile } from './source-files.js';
import { attributeValues } from './template.js';

/** What a file looks up in the message catalogue. */
export interface MessageKeys {
  readonly exact: readonly string[];
  /** What keys begin with whose end is only known when the code runs, such as `errors.`. */
  readonly families: readonly string[];
  /** Look-ups whose key cannot be told from the file, as they are written. */
  readonly untold: readonly string[];
}

/** The keys in the `data-i18n` attributes of a dialog, without those of Node-RED's own catalogue. */
export function keysInTemplate(template: string): string[] {
  return attributeValues(template, 'data-i18n')
    .flatMap((value) => value.split(';'))
    .map((entry) => entry.replace(/^\[[a-z-]+\]/, ''))
    .filter((key) => !key.startsWith('node-red:'));
}

/** The keys in the calls of `_(…)`, whatever it is a member of, and of `translate(…)`. */
export function keysInCode({ path, text }: SourceFile): MessageKeys {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const keys = {
    exact: new Array<string>(),
    families: new Array<string>(),
    untold: new Array<string>(),
  };
  const constants = new Map<string, ts.Expression>();
  const note = (key: ts.Expression | undefined): void => {
    if (!key) return;
    const constant = ts.isIdentifier(key) ? constants.get(key.text) : undefined;
    if (constant) note(constant);
    else if (ts.isStringLiteralLike(key)) keys.exact.push(key.text);
    else if (ts.isTemplateExpression(key)) keys.families.push(key.head.text);
    else if (ts.isConditionalExpression(key)) [key.whenTrue, key.whenFalse].forEach(note);
    else keys.untold.push(`${path}: ${key.getText(source)}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      constants.set(node.name.text, node.initializer);
    }
    if (ts.isCallExpression(node) && isLookUp(node.expression)) note(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return keys;
}

/** The texts that code shows to a user without looking them up. */
export function textsShownAsTheyAre({ path, text }: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [first] = node.arguments;
      const shows = /^(?:text|html|append|prepend|notify|alert)$/.test(node.expression.name.text);
      if (shows && first && ts.isStringLiteralLike(first)) found.push(`${path}: ${first.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

function isLookUp(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text === '_';
  return ts.isIdentifier(callee) && callee.text === 'translate';
}
