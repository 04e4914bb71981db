import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonOf, runCommand } from '../run-command.ts';

describe('validate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'validate-'));
  const file = join(folder, 'sync.config.json');

  afterAll(() => rmSync(folder, { recursive: true }));

  it('says that a file is valid, and when it runs, in its own time zone', async () => {
    writeFileSync(
      file,
      '{"sync": {"schedule": "0 6 * * *", "timeZone": "Australia/Perth", "mapping": {"mobilePhone": "phone_number"}}}',
    );

    const shown = await runCommand('validate', undefined, { arguments: [file] });

    expect(shown).toMatchObject({ exit: 0, err: '' });
    expect(shown.out).toContain(`✔ ${file} is valid.`);
    expect(shown.out).toContain('every day at 06:00 (Australia/Perth)');
    expect(shown.out).toMatch(/Next: +Thu 15 Oct 2026, 06:00 /);
    expect(shown.out.match(/ 06:00 GMT\+8| 06:00 AWST/g)).toHaveLength(5);
  });

  it('shows every problem with its line and a mark below the place', async () => {
    writeFileSync(
      file,
      [
        '{',
        '  "sync": {',
        '    "schedule": "0 6 * * *",',
        '\t"timeZone": "Sydney",',
        '    "mapping": { "mobilPhone": "phone_number" }',
        '  }',
        '}',
      ].join('\n'),
    );

    const shown = await runCommand('validate', undefined, { arguments: [file] });

    expect(shown.exit).toBe(2);
    expect(shown.out.split('\n')).toEqual([
      `${file}:4:14  sync.timeZone`,
      '     "timeZone": "Sydney",',
      '                 ^',
      '  found "Sydney", expected an IANA time zone (did you mean "Australia/Sydney"?)',
      '',
      `${file}:5:18  sync.mapping.mobilPhone`,
      '        "mapping": { "mobilPhone": "phone_number" }',
      '                     ^',
      '  found "mobilPhone", expected an attribute of the directory (did you mean',
      '  "mobilePhone"?)',
      '',
      `✖ 2 problems in ${file}.`,
      '',
    ]);
  });

  it('cuts a long line around the place', async () => {
    const note = 'x'.repeat(300);
    writeFileSync(
      file,
      `{"sync": {"schedule": "0 6 * * *", "mapping": {"mobilePhone": "phone_number"}, "${note}": 1, "name": "A B"}}`,
    );

    const { out } = await runCommand('validate', undefined, { arguments: [file] });

    const lines = out.split('\n');
    const excerpts = lines.flatMap((line, at) => (lines[at + 1]?.trim() === '^' ? [[line, lines[at + 1]!]] : []));
    expect(excerpts.length).toBeGreaterThan(1);
    expect(excerpts.filter(([line, mark]) => line!.length > 80 || mark!.length > line!.length)).toEqual([]);
    expect(excerpts.at(-1)?.[0]?.slice(excerpts.at(-1)![1]!.indexOf('^'))).toMatch(/^"A B"/);
  });

  it('shows a text that is no JSON, up to its end', async () => {
    writeFileSync(file, '{"sync": {\n\n');

    const shown = await runCommand('validate', undefined, { arguments: [file] });

    expect(shown.exit).toBe(2);
    expect(shown.out).toMatch(new RegExp(`^${file}:\\d+:\\d+\\n`));
  });

  it('looks for the file that the app looks for', async () => {
    const shown = await runCommand('validate', undefined);

    expect(shown).toMatchObject({ exit: 2, err: '✖ sync.config.json: there is no such file.\n' });
  });

  it('gives every problem as JSON', async () => {
    writeFileSync(file, '{"sync": {}}');

    const shown = await runCommand('validate', undefined, { arguments: [file], options: { json: true } });

    expect(shown).toMatchObject({ exit: 2, err: '' });
    expect(jsonOf(shown)).toMatchObject({
      valid: false,
      problems: [{ source: file, path: expect.any(String) }, expect.anything()],
    });
  });

  it.each([
    ['nowhere.json', 'there is no such file'],
    ['', 'cannot be read'],
  ])('says why a file cannot be read: "%s"', async (name, words) => {
    const shown = await runCommand('validate', undefined, { arguments: [join(folder, name)] });

    expect(shown).toMatchObject({ exit: 2, out: '' });
    expect(shown.err.replaceAll(/\s+/g, ' ')).toContain(words);
  });
});
