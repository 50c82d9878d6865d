import { isRecord } from '../support/is-record.js';
import {
  installedFiles,
  readInstalled,
  readInstalledJson,
  type ShippedSet,
} from './installed-package.js';

/** The languages that a set has texts in. */
export function languagesOf({ name, directory }: ShippedSet): string[] {
  const pattern = new RegExp(`^${directory}/locales/([^/]+)/${name}\\.json$`);
  return installedFiles().flatMap((file) => pattern.exec(file)?.[1] ?? []);
}

/** The message catalogue of a set, flat: every text by its key, with dots in it. */
export function readCatalogue(
  { name, directory }: ShippedSet,
  language: string,
): Map<string, string> {
  return new Map(flat(readInstalledJson(`${directory}/locales/${language}/${name}.json`)));
}

/** The help of a set: the type that it is for, and its Markdown. */
export function readHelp(
  { name, directory }: ShippedSet,
  language: string,
): { readonly type: string; readonly text: string } {
  const html = readInstalled(`${directory}/locales/${language}/${name}.html`);
  const [, type = '', text = ''] =
    /^<script type="text\/markdown" data-help-name="([a-z-]+)">\n(.*)<\/script>\n$/s.exec(html) ??
    [];
  return { type, text };
}

/** The names of the values that a text has places for. */
export function marksIn(text: string): string[] {
  return [...text.matchAll(/__(\w+?)__/g)].flatMap(([, name]) => name ?? []).sort();
}

function flat(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  if (!isRecord(value)) throw new Error(`${prefix} is no text.`);
  return Object.entries(value).flatMap(([name, member]) =>
    flat(member, prefix === '' ? name : `${prefix}.${name}`),
  );
}
