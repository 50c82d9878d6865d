import os from 'node:os';
import { rounded } from './statistics.mjs';

/**
 * What the package is to reach.
 * @typedef {object} Target
 * @property {string} what
 * @property {string} wanted
 * @property {string} got
 * @property {boolean} isMet
 */

/**
 * One table of the report.
 * @typedef {object} Section
 * @property {string} title
 * @property {string} intro what was measured, and how; one paragraph
 * @property {string[]} columns
 * @property {string[][]} rows
 * @property {Target[]} targets
 */

/**
 * @param {string} what
 * @param {number} limit
 * @param {number} value
 * @param {string} [unit]
 * @returns {Target}
 */
export function atMost(what, limit, value, unit) {
  const wanted = `≤ ${withUnit(String(limit), unit)}`;
  const got = withUnit(rounded(value), unit);
  if (value <= limit) return { what, wanted, got, isMet: true };
  return {
    what,
    wanted,
    got: `${got}: ${percent(value / limit - 1)} over`,
    isMet: false,
  };
}

/**
 * @param {string} what
 * @param {number} limit
 * @param {number} value
 * @param {string} [unit]
 * @returns {Target}
 */
export function atLeast(what, limit, value, unit) {
  const wanted = `≥ ${withUnit(String(limit), unit)}`;
  const got = withUnit(rounded(value), unit);
  if (value >= limit) return { what, wanted, got, isMet: true };
  return {
    what,
    wanted,
    got: `${got}: ${percent(1 - value / limit)} under`,
    isMet: false,
  };
}

/** @param {number} fraction */
function percent(fraction) {
  return `${(fraction * 100).toFixed(1)} %`;
}

/**
 * @param {string} text
 * @param {string} [unit]
 */
function withUnit(text, unit) {
  return unit === undefined ? text : `${text} ${unit}`;
}

/**
 * A section for the terminal.
 * @param {Section} section
 */
export function sectionAsText({ title, intro, columns, rows, targets }) {
  const parts = [title, '='.repeat(title.length), '', ...wrapped(intro), ''];
  parts.push(...tableAsText([columns, ...rows]), '');
  if (targets.length > 0) parts.push(...tableAsText([targetColumns, ...targetRows(targets)]), '');
  return parts.join('\n');
}

export const howToReadRatios =
  'A ratio is that of the medians of all rounds; in brackets are the lowest and the highest of a single round.';

/**
 * The whole report, for docs/benchmarks.md.
 * @param {readonly Section[]} sections
 * @param {string} date such as 2026-01-31
 */
export function reportAsMarkdown(sections, date) {
  const targets = sections.flatMap((section) => section.targets);
  const parts = [
    '# Benchmarks',
    `This page is written by \`npm run bench\`, which takes less than five minutes: run it on a machine
that does nothing else.`,
    `All is measured on one computer, against a server on that computer that answers at once. So it
shows what the package itself costs, and not how fast Poke is or the way there, which in real use take
far longer than all of this. The candidates of a table take turns, round by round, so that whatever
else the machine does meets them all alike, and what is told is how many times as much one needs as
another. No figure can be compared with one of another run or of another machine.`,
    howToReadRatios,
    '## The machine',
    tableAsMarkdown(['', ''], machine(date)),
    '## Targets',
    `${targets.filter(({ isMet }) => isMet).length} of ${targets.length} are met. They are meant for Node.js 20. What stands in the way of the others: [Where the time goes](adr/0019-where-the-time-goes.md).`,
    tableAsMarkdown(targetColumns, targetRows(targets)),
  ];
  for (const { title, intro, columns, rows } of sections) {
    parts.push(`## ${title}`, intro, tableAsMarkdown(columns, rows));
  }
  return `${parts.join('\n\n')}\n`;
}

const targetColumns = ['Target', 'Wanted', 'Measured', 'Result'];

/** @param {readonly Target[]} targets */
function targetRows(targets) {
  return targets.map(({ what, wanted, got, isMet }) => [
    what,
    wanted,
    got,
    isMet ? 'met' : 'not met',
  ]);
}

/** @param {string} date */
function machine(date) {
  const cpus = os.cpus();
  const memoryGiB = Math.round(os.totalmem() / 2 ** 30);
  return [
    ['Processor', cpus[0]?.model.trim() ?? 'unknown'],
    ['Cores', String(cpus.length)],
    ['Memory', `${memoryGiB} GiB`],
    ['System', `${os.type()} ${os.release()}, ${os.arch()}`],
    ['Node.js', process.versions.node],
    ['Date', date],
  ];
}

/** @param {readonly (readonly string[])[]} rows the first is the heading */
function tableAsText(rows) {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines;
}

/**
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows
 */
function tableAsMarkdown(columns, rows) {
  return [columns, columns.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** @param {string} text */
function wrapped(text, width = 100) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
