import { globSync } from 'node:fs';
import { ALERT_NAMES, EVENT_NAMES } from '../../src/core/events.ts';
import { anchorsOf, readText } from '../docs/markdown.ts';
import { fieldsOf } from './event-fields.ts';
import { loadAnalyser, type Analyse } from './kusto.ts';
import { resourcesOf, theResource } from './snapshot.ts';

interface AlertRule {
  readonly name: string;
  readonly description: string;
  readonly query: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const RULES: readonly AlertRule[] = resourcesOf('main', 'Microsoft.Insights/scheduledQueryRules').map(
  ({ name, properties }) => {
    const { allOf } = properties['criteria'] as { readonly allOf: readonly { readonly query: string }[] };
    return {
      name: name.replace(/^func-entra-sync-\w+?-/, ''),
      description: String(properties['description']),
      query: allOf[0]!.query,
      properties,
    };
  },
);

interface WorkbookItem {
  readonly type: number;
  readonly name: string;
  readonly content: { readonly query?: string; readonly json?: string; readonly title?: string };
}

const WORKBOOK = JSON.parse(
  String(theResource('main', 'Microsoft.Insights/workbooks').properties['serializedData']),
) as { readonly items: readonly WorkbookItem[] };

const CHARTS = WORKBOOK.items
  .filter(({ type }) => type === 3)
  .map(({ name, content }) => ({ name, query: content.query! }));
const QUERIES = [...RULES, ...CHARTS].map(({ name, query }) => [name, query] as const);

/** What a query compares the name of an event with. */
function eventsNamedIn(query: string): readonly string[] {
  const comparisons = [...query.matchAll(/e\.event\) (?:==|in) (\([^)]*\)|"[^"]*")/g)];
  return comparisons.flatMap((match) => [...match[1]!.matchAll(/"([^"]+)"/g)].map((name) => name[1]!));
}

let analyse: Analyse;
beforeAll(() => {
  analyse = loadAnalyser();
}, 60_000);

describe('the language service', () => {
  it.each([
    ['an unknown table', 'tracs | count'],
    ['an unknown column', 'traces | where colour == "red"'],
    ['a spelling mistake', 'traces | wher message == ""'],
    ['an unknown function', 'traces | where tostrin(message) == ""'],
    ['a wrong type', 'traces | summarize sum(message)'],
  ])('objects to %s', (_, query) => {
    expect(analyse(query).diagnostics).not.toEqual([]);
  });

  it('finds every field that is read from an event', () => {
    const query = 'traces | extend e = parse_json(message) | where tostring(e.runId) == "" and toint(e["count"]) > 1';

    expect(analyse(query)).toEqual({ diagnostics: [], fields: ['runId', 'count'] });
  });
});

describe('queries of the workbook and the alerts', () => {
  it('are as many as there are files, and a rule for each alert of the app', () => {
    const charts = globSync('infra/queries/workbook/*.kql');

    expect(CHARTS).toHaveLength(charts.length);
    expect(RULES.map(({ name }) => name)).toEqual(expect.arrayContaining([...ALERT_NAMES]));
  });

  it.each(QUERIES)('bind without a diagnostic: %s', (_, query) => {
    expect(analyse(query).diagnostics).toEqual([]);
  });

  it.each(QUERIES)('name only events of the catalogue, and read only fields that these have: %s', (_, query) => {
    const names = eventsNamedIn(query);
    const known = fieldsOf(names);

    const { fields } = analyse(query);

    expect(names.length > 0 || /^requests|^union/m.test(query)).toBe(true);
    expect(known).toBeDefined();
    expect(fields.filter((field) => !known!.has(field))).toEqual([]);
  });

  it('would be caught with an event or a field that does not exist', () => {
    expect(fieldsOf(['run.ended', 'run.finished'])).toBeUndefined();
    expect(fieldsOf(['run.started'])?.has('peoplePerSecond')).toBe(false);
  });

  it.each(QUERIES)('leave no placeholder open: %s', (_, query) => {
    expect(query).not.toMatch(/\{\w+\}/);
  });
});

describe('queries in docs/operations.md', () => {
  const shown = [...readText('docs/operations.md').matchAll(/^```kusto\n([\s\S]*?)^```$/gm)].map((match) => [
    match[1]!,
  ]);

  it('are there', () => {
    expect(shown.length).toBeGreaterThan(4);
  });

  it.each(shown)('bind without a diagnostic, and read what the events have: %#', (query) => {
    const { diagnostics, fields } = analyse(query);
    const names = eventsNamedIn(query);

    expect(diagnostics).toEqual([]);
    // One that is about a run looks at every event.
    const known = fieldsOf(names.length === 0 ? EVENT_NAMES : names);
    const isAboutEvents = query.includes('parse_json');
    expect(fields.filter((field) => isAboutEvents && known?.has(field) !== true)).toEqual([]);
  });
});

describe('alerts', () => {
  const runbook = anchorsOf(readText('docs/operations.md'));

  it('cover what nobody may miss', () => {
    const names = RULES.map(({ name }) => name);

    expect(names).toEqual(
      expect.arrayContaining([
        'no-success',
        'run-failed',
        'removals-held',
        'failing-share',
        'poison-message',
        'credential-expiring',
        'neighbour-down',
        'timer-silent',
        'configuration-invalid',
      ]),
    );
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))(
    'resolve themselves and lead into the runbook: %s',
    (_, rule) => {
      const { autoMitigate, enabled, actions } = rule.properties;
      const section = /docs\/operations\.md#(\S+)$/.exec(rule.description)?.[1];

      expect([autoMitigate, enabled]).toEqual([true, true]);
      expect(runbook.has(section ?? '')).toBe(true);
      expect(actions).toMatchObject({
        actionGroups: [theResource('main', 'Microsoft.Insights/actionGroups').id],
        customProperties: { runbook: `docs/operations.md#${section}` },
      });
    },
  );

  it.each(RULES.map((rule) => [rule.name, rule] as const))('look as far back as they look often: %s', (_, rule) => {
    const minutes = (text: unknown) => {
      const [, days = 0, hours = 0, least = 0] = /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?$/.exec(String(text))!;
      return (Number(days) * 24 + Number(hours)) * 60 + Number(least);
    };
    const window = minutes(rule.properties['windowSize']);

    // Azure allows two days at most.
    expect(window).toBeLessThanOrEqual(2880);
    expect(minutes(rule.properties['evaluationFrequency'])).toBeLessThanOrEqual(window);
  });

  // A summary of no rows can be a row of nothing, which is unequal to everything.
  it.each(RULES.map(({ name, query }) => [name, query] as const))(
    'find nothing where nothing was logged: %s',
    (_, query) => {
      const [, ...afterwards] = query.split('| summarize');

      expect(afterwards.join()).not.toMatch(/!=|!in|isempty|isnull/);
    },
  );

  it('fire on silence where silence is the sign, and on rows elsewhere', () => {
    const silent = RULES.filter(({ properties }) => JSON.stringify(properties['criteria']).includes('LessThan'));

    expect(silent.map(({ name }) => name).toSorted()).toEqual(['no-success', 'timer-silent']);
  });
});

describe('the workbook', () => {
  const headings = WORKBOOK.items.filter(({ type }) => type === 1).map(({ content }) => content.json!.split('\n')[0]);

  it('answers the questions in their order', () => {
    expect(headings).toEqual([
      '## Are we in step?',
      '## What changed',
      '## What is held or failing, and why',
      '## How the neighbours behave',
      '## What it costs',
    ]);
  });

  it('asks over the time that is chosen at the top', () => {
    const parameters = WORKBOOK.items.filter(({ type }) => type === 9);

    expect(JSON.stringify(parameters)).toContain('"name":"TimeRange"');
    expect(CHARTS.length).toBeGreaterThan(8);
    expect(
      WORKBOOK.items.filter(({ type, content }) => type === 3 && !JSON.stringify(content).includes('"TimeRange"')),
    ).toEqual([]);
  });
});
