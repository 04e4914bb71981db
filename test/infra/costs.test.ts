import { readText, sectionOf, tableRows } from '../docs/markdown.ts';
import { resourcesOf } from './snapshot.ts';

const deploy = readText('docs/deploy.md');

describe('the costs in docs/deploy.md', () => {
  const rows = new Map(
    tableRows(sectionOf(deploy, 'What it costs')).map(([name, ...cells]) => [name!, cells] as const),
  );
  const numbers = (name: string) => rows.get(name)!.map((cell) => Number(cell.replaceAll(/[$,]/g, '')));
  const measured = tableRows(sectionOf(readText('docs/performance.md'), 'Measured'));
  const PEOPLE = [1_000, 10_000, 100_000];
  const GB = 2;
  const LANES = 4;
  const TICKS = 8_640;
  const round = (values: readonly number[], digits: number) => values.map((value) => Number(value.toFixed(digits)));

  it('begin with the calls and seconds that were measured', () => {
    const found = (people: string, latency: string, run: string) =>
      measured.find((row) => row[0] === people && row[1] === latency && row[2] === run)!;

    expect(numbers('Graph calls, first run')).toEqual(PEOPLE.map((people) => Math.ceil(people / 200)));
    expect(numbers('MessageMedia calls, first run')).toEqual(
      ['1,000', '10,000', '100,000'].map((people) => Number(found(people, '0 ms', 'first')[4]!.replaceAll(',', ''))),
    );
    expect(numbers('seconds, first run').slice(0, 2)).toEqual(
      ['1,000', '10,000'].map((people) => Number(found(people, '50 ms', 'first')[5])),
    );
    expect(numbers('seconds, full run')).toEqual([
      ...['1,000', '10,000'].map((people) => Number(found(people, '50 ms', 'full, unchanged')[5])),
      Number(found('100,000', '0 ms', 'full, unchanged')[5]),
    ]);
  });

  it('add up: GB-seconds and executions', () => {
    const once = numbers('seconds, first run').map((seconds) => seconds * LANES * GB);
    const monthly = numbers('seconds, full run').map((full) => TICKS * GB + (30 + 4.3 * full) * LANES * GB);
    const executions = PEOPLE.map((people) => TICKS + 30 * 10 + 4.3 * (10 + people / 100));

    expect(numbers('GB-seconds, first run, once')).toEqual(round(once, 0));
    expect(numbers('GB-seconds a month')).toEqual(round(monthly, 0));
    expect(numbers('executions a month')).toEqual(round(executions, 0));
  });

  it('add up: dollars', () => {
    const time = numbers('GB-seconds a month').map((seconds) => seconds * 0.000_026);
    const used = numbers('executions a month').map((executions, index) => time[index]! + executions * 0.000_000_4);
    const tables = numbers('GB in tables').map((gigabytes) => gigabytes * 0.06);

    expect(Math.max(...numbers('GB-seconds a month'))).toBeLessThan(100_000);
    expect(Math.max(...numbers('executions a month'))).toBeLessThan(250_000);
    expect(numbers('the same, with the free grant used up')).toEqual(round(used, 2));
    expect(numbers('tables a month')).toEqual(round(tables, 2));
    expect(numbers('together')).toEqual(
      round(
        numbers('tables a month').map((dollars) => dollars + 8),
        2,
      ),
    );
  });

  it('count the alerts and endpoints that the templates make', () => {
    const alerts = resourcesOf('main', 'Microsoft.Insights/scheduledQueryRules').length;
    const endpoints = resourcesOf('private', 'Microsoft.Network/privateEndpoints').length;

    expect(numbers('alerts a month')).toEqual(PEOPLE.map(() => alerts * 0.5));
    expect(deploy).toContain(`$0.50 a month each, ${alerts} of them`);
    expect(deploy).toContain(`${endpoints} of them, private network only`);
    expect(deploy).toContain(`A private network adds $${(endpoints * 7.3).toFixed(2)}`);
  });
});
