import { describe, expect, it } from 'vitest';
import {
  atLeast,
  atMost,
  reportAsMarkdown,
  type Section,
  sectionAsText,
} from '../../../bench/report.mjs';

const section: Section = {
  title: 'Clients',
  intro: 'How fast they are.',
  columns: ['Client', 'Time'],
  rows: [
    ['this | that', '1'],
    ['other', '12.5'],
  ],
  targets: [atMost('Time', 1.5, 1.65), atLeast('Rate', 3, 4.5, 'times')],
};

describe('a target', () => {
  it('is met at its limit', () => {
    expect(atMost('Time', 1.5, 1.5)).toMatchObject({ isMet: true, wanted: '≤ 1.5', got: '1.50' });
    expect(atLeast('Rate', 3, 3)).toMatchObject({ isMet: true, wanted: '≥ 3', got: '3.00' });
  });

  it('says by how much it is not met', () => {
    expect(atMost('Time', 1.5, 1.65, 's')).toStrictEqual({
      what: 'Time',
      wanted: '≤ 1.5 s',
      got: '1.65 s: 10.0 % over',
      isMet: false,
    });
    expect(atLeast('Rate', 4, 3)).toMatchObject({ isMet: false, got: '3.00: 25.0 % under' });
  });
});

describe('the report of the benchmarks', () => {
  it('has columns below each other in a terminal', () => {
    const lines = sectionAsText(section).split('\n');
    expect(lines).toStrictEqual([
      'Clients',
      '=======',
      '',
      'How fast they are.',
      '',
      'Client       Time',
      '-----------  ----',
      'this | that  1',
      'other        12.5',
      '',
      'Target  Wanted     Measured           Result',
      '------  ---------  -----------------  -------',
      'Time    ≤ 1.5      1.65: 10.0 % over  not met',
      'Rate    ≥ 3 times  4.50 times         met',
      '',
    ]);
  });

  it('names the machine, the targets and every table', () => {
    const page = reportAsMarkdown([section], '2026-01-31');
    expect(page).toContain(`| Node.js | ${process.versions.node} |`);
    expect(page).toContain('| Date | 2026-01-31 |');
    expect(page).toContain('1 of 2 are met.');
    expect(page).toContain('| Time | ≤ 1.5 | 1.65: 10.0 % over | not met |');
    expect(page).toContain(
      '## Clients\n\nHow fast they are.\n\n| Client | Time |\n| --- | --- |\n',
    );
    expect(page).toContain('| this \\| that | 1 |');
  });
});
