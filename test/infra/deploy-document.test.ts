import { existsSync } from 'node:fs';
import { HTTP_ROUTES } from '../../src/functions/http-routes.ts';
import { LOCAL_SECRETS } from '../../src/functions/setting-names.ts';
import { blocksOf, readText, sectionOf } from '../docs/markdown.ts';
import { readSnapshot } from './snapshot.ts';

const deploy = readText('docs/deploy.md');
const { scripts } = JSON.parse(readText('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
const parameters = ['main', 'private'].map((name) => readText(`infra/${name}.bicepparam`)).join('\n');
const outputs = Object.keys(readSnapshot('main').outputs);

const linesOf = (text: string) =>
  blocksOf(text)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ body }) => body.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
const LINES = linesOf(deploy);
const WALK = linesOf(sectionOf(deploy, 'From nothing to the first sync'));

/** Commands of the Azure CLI with the options that its reference gives them, as far as the document uses any. */
const AZ: Readonly<Record<string, readonly string[]>> = {
  login: [],
  'ad app create': ['display-name', 'query', 'output'],
  'ad app credential reset': ['id', 'append', 'years', 'query', 'output'],
  'ad app federated-credential create': ['id', 'parameters'],
  'ad signed-in-user show': ['query', 'output'],
  'ad sp create': ['id'],
  'deployment group create': ['name', 'resource-group', 'parameters', 'output'],
  'deployment group show': ['name', 'resource-group', 'query'],
  'deployment group what-if': ['resource-group', 'parameters'],
  'functionapp deployment source config-zip': ['resource-group', 'name', 'src'],
  'functionapp keys list': ['name', 'resource-group', 'query', 'output'],
  'group create': ['name', 'location'],
  'group show': ['name', 'query', 'output'],
  'keyvault secret set': ['vault-name', 'name', 'value', 'output', 'expires'],
  'provider register': ['namespace', 'wait'],
  'role assignment create': ['assignee', 'role', 'scope'],
};
const AZD = [
  'auth login',
  'env new',
  'env select',
  'env set',
  'env get-value',
  'env get-values',
  'provision',
  'deploy',
  'up',
  'down',
];
const TOOLS = ['npm', 'az', 'azd', 'git', 'curl', 'read', 'unset', 'eval', 'export', 'sed', 'jq'];

/** Calls of a program in a line, wherever they stand in it: alone, after an assignment, in `$(…)`. */
function callsOf(program: string, line: string): readonly string[] {
  const calls = line.matchAll(new RegExp(`(?:^|\\$\\(|\\| )${program} ([^|]*?)(?=\\)"?(?: |$)| \\||$)`, 'g'));
  return [...calls].map((match) => match[1]!);
}

describe('docs/deploy.md', () => {
  it('begins every line with a tool that the reader has, or an assignment', () => {
    const first = LINES.map((line) => /^(?:\w+=|(\w+))/.exec(line)?.[1]).filter((word) => word !== undefined);

    expect(LINES.length).toBeGreaterThan(50);
    expect(first.filter((word) => !TOOLS.includes(word))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const named = [...deploy.matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1]!);

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('calls the Azure CLI as it can be called', () => {
    const calls = LINES.flatMap((line) => callsOf('az', line));

    const problems = calls.flatMap((call) => {
      const command = /^[a-z -]+?(?= --|$)/.exec(call)?.[0].trim() ?? call;
      const options = [...call.split('$(az')[0]!.matchAll(/ --([a-z-]+)/g)].map((match) => match[1]!);
      const known = AZ[command];
      if (known === undefined) return [`az ${command}`];
      return options.filter((option) => !known.includes(option)).map((option) => `az ${command} --${option}`);
    });
    expect(calls.length).toBeGreaterThan(20);
    expect(problems).toEqual([]);
  });

  it('calls azd as it can be called', () => {
    const calls = LINES.flatMap((line) => callsOf('azd', line));

    expect(calls.length).toBeGreaterThan(15);
    expect(calls.filter((call) => !AZD.some((command) => call === command || call.startsWith(`${command} `)))).toEqual(
      [],
    );
  });

  it('sets only variables that a parameter file reads', () => {
    const set = [...deploy.matchAll(/azd env set ([A-Z_]+)/g)].map((match) => match[1]!);

    expect(set.length).toBeGreaterThan(5);
    expect(set.filter((name) => !parameters.includes(`readEnvironmentVariable('${name}'`))).toEqual([]);
  });

  it('explains every variable that a parameter file reads, or azd sets it', () => {
    const read = [...parameters.matchAll(/readEnvironmentVariable\('(\w+)'/g)].map((match) => match[1]!);
    const ofAzd = ['AZURE_ENV_NAME', 'AZURE_PRINCIPAL_ID', 'AZURE_PRINCIPAL_TYPE'];
    const documents = `${deploy}${readText('docs/monitoring.md')}`;

    const open = [...new Set(read)].filter((name) => !ofAzd.includes(name) && !documents.includes(name));

    // Only the private parameter file has it, beside its default.
    expect(open).toEqual(['NETWORK_PREFIX']);
  });

  it('asks azd only for outputs that there are', () => {
    const asked = [...deploy.matchAll(/azd env get-value (\w+)/g)].map((match) => match[1]!);

    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((name) => ![...outputs, 'AZURE_RESOURCE_GROUP'].includes(name))).toEqual([]);
  });

  it('sets only secrets that the app reads', () => {
    const secrets = [...deploy.matchAll(/keyvault secret set [^\n]*--name ([a-z-]+)/g)].map((match) => match[1]!);

    expect(secrets.length).toBeGreaterThan(2);
    expect(secrets.filter((name) => !(name in LOCAL_SECRETS))).toEqual([]);
  });

  it('calls only what the API has', () => {
    const calls = LINES.filter((line) => line.startsWith('curl ')).map((line) => {
      const method = line.includes('-X POST') ? 'POST' : 'GET';
      const path = /\$APP\/api\/([^"?]*)/.exec(line)?.[1]?.replace('$RUN', '{runId}');
      return `${method} ${path}`;
    });
    const routes = Object.values(HTTP_ROUTES).map(({ method, route }) => `${method} ${route}`);

    expect(calls.length).toBeGreaterThan(4);
    expect(calls.filter((call) => !routes.includes(call))).toEqual([]);
  });

  it('uses no variable before it has a value, in any section', () => {
    const problems = deploy.split(/^## /m).flatMap((section) => {
      const known = new Set(['AZURE_RESOURCE_GROUP', 'FUNCTION_APP_NAME', 'CLIENT']);
      return linesOf(section).flatMap((line) => {
        const used = [...line.matchAll(/\$([A-Z_]+)/g)].map((match) => match[1]!).filter((name) => !known.has(name));
        for (const [, name] of line.matchAll(/(?:^|^export )([A-Z_]+)=/g)) known.add(name!);
        for (const [, name] of line.matchAll(/^read -rs (\w+)/g)) known.add(name!);
        return used.map((name) => `${name} in: ${line}`);
      });
    });

    expect(problems).toEqual([]);
  });

  it('names only files that exist', () => {
    const named = [...deploy.matchAll(/\b((?:infra|scripts|test)\/[\w./-]+\.\w+)\b/g)].map((match) => match[1]!);

    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('the walk in docs/deploy.md', () => {
  it('goes in an order in which each step has what it needs', () => {
    const order = [
      'npm ci',
      'az login',
      'npm run infra:preflight',
      'azd env new',
      'azd provision --preview',
      'azd provision',
      'az keyvault secret set --vault-name "$VAULT" --name messagemedia-api-key',
      'az keyvault secret set --vault-name "$VAULT" --name messagemedia-api-secret',
      'azd deploy',
      'KEY=$(az functionapp keys list',
      'curl -s -X POST -H "x-functions-key: $KEY" -H "Content-Type: application/json" -d \'{"mode": "full"}\'',
      'curl -s -X POST -H "x-functions-key: $KEY" -H "Content-Type: application/json" -d "{\\"planHash\\"',
    ];

    const at = order.map((start) =>
      WALK.findIndex((line) => line.startsWith(start) && (start !== 'azd provision' || line === start)),
    );

    expect(at).not.toContain(-1);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  it('takes twenty minutes', () => {
    const minutes = [...deploy.matchAll(/^### \d\. .*\((\d+) minutes\)$/gm)].map((match) => Number(match[1]));

    expect(minutes).toHaveLength(5);
    expect(minutes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(20);
  });

  it('sets every secret that the shipped sign-in needs and nobody makes by itself', () => {
    const set = WALK.filter((line) => line.includes('keyvault secret set')).map(
      (line) => /--name ([a-z-]+)/.exec(line)![1],
    );

    expect(set).toEqual(['messagemedia-api-key', 'messagemedia-api-secret']);
  });
});
