import { readText, sectionOf, tableRows } from '../docs/markdown.ts';
import { BICEP_VERSION } from '../../scripts/infra/find-bicep.ts';
import { resourcesOf } from './snapshot.ts';

const { scripts } = JSON.parse(readText('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

describe('what runs by itself', () => {
  it.each(['azure.yaml', '.github/workflows/deploy.yml', '.ci/run'])(
    'calls only npm scripts that exist: %s',
    (file) => {
      const named = [...readText(file).matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1]!);

      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !(name in scripts))).toEqual([]);
    },
  );

  it('packs before it deploys, checks before it makes, grants and asks afterwards: azure.yaml', () => {
    const hooks = [...readText('azure.yaml').matchAll(/^ *((?:pre|post)\w+):\n(?:.*\n){2} *run: npm run (\S+)/gm)];

    expect(hooks.map((match) => [match[1], match[2]])).toEqual([
      ['prepackage', 'package'],
      ['preprovision', 'infra:preflight'],
      ['postprovision', 'infra:grant'],
      ['postdeploy', 'infra:doctor'],
    ]);
  });

  it('stores no secret, and asks for a token of Azure only where it is needed: the workflow', () => {
    const workflow = readText('.github/workflows/deploy.yml');
    const jobs = workflow
      .split(/^jobs:/m)[1]!
      .split(/^ {2}(?=[\w-]+:$)/m)
      .slice(1);

    expect(workflow).not.toContain('secrets.');
    expect(jobs.map((job) => [job.split(':')[0], job.includes('id-token: write')])).toEqual([
      ['check', false],
      ['what-if', true],
      ['deploy', true],
    ]);
    expect(jobs[2]).toContain("if: github.event_name == 'push'");
  });

  it('hands the deployment every variable that the parameter file reads: the workflow', () => {
    const read = [...readText('infra/main.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(
      (match) => match[1]!,
    );
    const [environment] = readText('.github/workflows/deploy.yml').split(/^jobs:/m);

    expect(read.length).toBeGreaterThan(8);
    expect(read.filter((name) => !environment!.includes(`  ${name}: \${{ vars.${name}`))).toEqual([]);
  });

  it('has the compiler of the snapshots in the container', () => {
    expect(readText('.devcontainer/Dockerfile')).toContain(`ARG BICEP_VERSION=${BICEP_VERSION}\n`);
  });
});

describe('host.json', () => {
  it('lets no event be dropped: traces are not sampled, and what is told at info is kept', () => {
    const { logging } = JSON.parse(readText('host.json')) as {
      readonly logging: {
        readonly applicationInsights: { readonly samplingSettings: { readonly excludedTypes: string } };
        readonly logLevel: Readonly<Record<string, string>>;
      };
    };

    expect(logging.applicationInsights.samplingSettings.excludedTypes.split(';')).toContain('Trace');
    expect(logging.logLevel).toEqual({ default: 'Information' });
  });
});

describe('docs/monitoring.md', () => {
  it('explains every alert, with its severity', () => {
    const told = tableRows(sectionOf(readText('docs/monitoring.md'), 'The alerts')).map(
      ([name, severity]) => `${name!.replaceAll('`', '')} ${severity}`,
    );
    const rules = resourcesOf('main', 'Microsoft.Insights/scheduledQueryRules').map(
      ({ name, properties }) => `${name.replace(/^func-entra-sync-\w+?-/, '')} ${String(properties['severity'])}`,
    );

    expect(told.toSorted()).toEqual(rules.toSorted());
  });
});
