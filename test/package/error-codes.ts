import ts from 'typescript';
import * as library from '../../src/index.js';
import { ERROR_TEXTS, type ErrorReason, type PokeErrorCode } from '../../src/index.js';
import { type SourceFile, sourceFiles } from './source-files.js';

/** What a file makes of the reasons for errors. */
interface MadeErrors {
  readonly file: SourceFile;
  /** The name of the class of an error that is made for a reason, by that reason. */
  readonly classes: ReadonlyMap<string, string>;
  /** The classes of errors that are made for a reason which is handed over. */
  readonly others: ReadonlySet<string>;
  /** The reasons that stand in the file. */
  readonly reasons: ReadonlySet<string>;
}

/** Every code that an error of the library can have, by the name of its class. */
export function codesOfClasses(): Map<string, PokeErrorCode> {
  return new Map(
    Object.entries(library).flatMap(([name, value]) => {
      if (typeof value !== 'function' || !(value.prototype instanceof library.PokeError)) return [];
      const error: unknown = Reflect.construct(value, ['unexpected']);
      return error instanceof library.PokeError ? [[name, error.code] as const] : [];
    }),
  );
}

/** The codes that errors with each reason have, as the code makes them. */
export function codesOfReasons(): Map<ErrorReason, Set<PokeErrorCode>> {
  const codes = codesOfClasses();
  const files = [...sourceFiles('src', '.ts'), ...sourceFiles('nodes', '.ts')]
    .filter(({ path }) => !/(?:error-texts|status-of-error)\.ts$/.test(path))
    .map(errorsMadeIn);
  const importersOf = (imported: readonly MadeErrors[]) =>
    files.filter(({ file }) => imported.some((other) => imports(file, other.file)));
  const named = (reason: string) => files.flatMap(({ classes }) => classes.get(reason) ?? []);
  const handedOver = (reason: string) => {
    const naming = files.filter(({ reasons }) => reasons.has(reason));
    const makers = naming.some(({ others }) => others.size > 0) ? naming : importersOf(naming);
    return makers.flatMap(({ others }) => [...others]);
  };
  return new Map(
    reasonsOfErrors().map((reason) => {
      const classes = named(reason);
      const all = classes.length > 0 ? classes : handedOver(reason);
      return [reason, new Set(all.flatMap((name) => codes.get(name) ?? []))];
    }),
  );
}

function reasonsOfErrors(): ErrorReason[] {
  return Object.keys(ERROR_TEXTS) as ErrorReason[];
}

function imports({ text }: SourceFile, imported: SourceFile): boolean {
  return text.includes(`/${imported.path.split('/').at(-1)?.replace(/\.ts$/, '.js') ?? ''}'`);
}

function errorsMadeIn(file: SourceFile): MadeErrors {
  const classes = new Map<string, string>();
  const others = new Set<string>();
  const reasons = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && node.text in ERROR_TEXTS) reasons.add(node.text);
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
      const found = literalsIn(node.arguments?.[0]);
      for (const reason of found) classes.set(reason, node.expression.text);
      if (found.length === 0 && /Error$/.test(node.expression.text)) {
        others.add(node.expression.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true));
  return { file, classes, others, reasons };
}

/** The reasons that an argument can be: one, or one of two. */
function literalsIn(argument: ts.Expression | undefined): string[] {
  if (!argument) return [];
  if (ts.isConditionalExpression(argument)) {
    return [argument.whenTrue, argument.whenFalse].flatMap(literalsIn);
  }
  return ts.isStringLiteralLike(argument) ? [argument.text] : [];
}
