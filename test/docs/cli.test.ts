import type { Command } from '../../src/cli/command.ts';
import { COMMANDS, GLOBAL_OPTIONS } from '../../src/cli/commands.ts';
import { LOCAL_URL } from '../../src/cli/connection.ts';
import { ALERTS_SECTION, cureFor } from '../../src/cli/doctor/cures.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { SYNC_ERRORS } from '../../src/core/errors.ts';
import { OPERATION_KINDS, OUTCOMES } from '../../src/core/plan/operation.ts';
import { anchorsOf, codesIn, readText, rowsByCode, sectionOf, tableRows } from './markdown.ts';

const document = readText('docs/cli.md');

/** The first code of each row: what the row is about. */
function subjectsIn(text: string): readonly string[] {
  return tableRows(text).map((row) => codesIn(row[0])[0]!);
}

/** A heading of a command: its name and what it takes. */
function headingOf({ name, arguments: taken = [] }: Command): string {
  return `\`${[name, ...taken.map((argument) => argument.name)].join(' ')}\``;
}

describe('docs/cli.md', () => {
  it('has a heading for every command, with what it takes, in the order of the help', () => {
    const headings = [...sectionOf(document, 'Commands').matchAll(/^### (.*)$/gm)].map((match) => match[1]);

    expect(headings).toEqual(COMMANDS.map(headingOf));
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'names every option of %s, and no other',
    (_name, command) => {
      const named = subjectsIn(sectionOf(document, headingOf(command)));

      expect(named.toSorted()).toEqual((command.options ?? []).map(({ flags }) => flags).toSorted());
    },
  );

  it('names the options that every command has, and the local address', () => {
    const named = subjectsIn(sectionOf(document, 'Which app'));

    expect(named).toEqual(GLOBAL_OPTIONS.map(({ flags }) => flags));
    expect(document).toContain(`\`${LOCAL_URL}\``);
  });

  it('names every exit code, and no other', () => {
    const codes = subjectsIn(sectionOf(document, 'Exit codes'));

    expect(codes.map(Number)).toEqual(Object.values(EXIT));
  });

  it('names what records can be filtered by', () => {
    const rows = rowsByCode(document, '`records <run>`');
    const known = (option: string) => codesIn(rows.get(option)?.[1]);

    expect(known('--outcome <outcome>').toSorted()).toEqual([...OUTCOMES, 'planned'].toSorted());
    expect(OPERATION_KINDS).toEqual(expect.arrayContaining([...known('--operation <operation>')]));
  });
});

describe('what doctor points to', () => {
  const anchors = anchorsOf(readText('docs/operations.md'));
  const neighbours = ['storage', 'keyvault', 'entra', 'graph', 'messagemedia', 'of-a-newer-app'];
  const sections = neighbours.flatMap((neighbour) =>
    [...Object.keys(SYNC_ERRORS), 'of-a-newer-app'].map((code) => cureFor(neighbour, code).section),
  );

  it.each([...new Set([...sections, ALERTS_SECTION, 'rotate-secrets', 'cancel-pause-resume'])])(
    'is a heading of docs/operations.md: %s',
    (section) => {
      expect(anchors.has(section)).toBe(true);
    },
  );
});
