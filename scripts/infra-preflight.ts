import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeConfigProblem, parseSyncConfig } from '../src/core/config/parse.ts';
import { az, runScript, Told } from './infra/azure-cli.ts';
import { graphRolesFor } from './infra/graph-roles.ts';

/** One thing to look at before anything is made; throws what is wrong and how it is mended, or answers what it found. */
type Look = () => string;

/** Before the resources are made: what would fail later and cost more is found now. Exits 1 when something has to be mended. */
function main(): void {
  const { values } = parseArgs({ options: { config: { type: 'string', default: 'infra/sync.config.jsonc' } } });
  const looks: readonly Look[] = [
    () => configuration(values.config),
    signIn,
    subscription,
    ...(process.env['NETWORK_ACCESS'] === 'private' ? [networkProvider] : []),
  ];
  const wrong = looks.map(look).filter((isWrong) => isWrong);
  if (wrong.length > 0) throw new Told(`\n${wrong.length} thing(s) to mend before anything is made.`);
}

/** Tells what a look found; answers whether something is wrong. */
function look(one: Look): boolean {
  try {
    process.stdout.write(`ok    ${one()}\n`);
    return false;
  } catch (error) {
    if (!(error instanceof Told)) throw error;
    process.stdout.write(`mend  ${error.message}\n`);
    return true;
  }
}

function configuration(file: string): string {
  const text = readFileSync(file, 'utf8');
  const reading = parseSyncConfig(text, file);
  if (!reading.ok) throw new Told(reading.problems.map(describeConfigProblem).join('\n      '));
  const roles = graphRolesFor(text).map(({ name }) => name);
  const approval = reading.config.protection.firstRun === 'approve' ? '' : '; the first plan is applied unseen';
  return `${file} can be used; it needs ${roles.join(', ')}${approval}`;
}

/** The identity signs in itself unless something else is asked for, and that needs an app registration. */
function signIn(): string {
  const auth = process.env['ENTRA_AUTH'] ?? 'managed-identity';
  if (auth === 'managed-identity') return 'the managed identity signs in to Microsoft Graph itself';
  if ((process.env['ENTRA_CLIENT_ID'] ?? '') === '') {
    throw new Told(`ENTRA_AUTH is ${auth}: set the app registration with azd env set ENTRA_CLIENT_ID <client id>.`);
  }
  return `the app registration ${process.env['ENTRA_CLIENT_ID']} signs in (${auth})`;
}

function subscription(): string {
  const { name, state } = az('account', 'show') as { readonly name: string; readonly state: string };
  if (state !== 'Enabled') throw new Told(`The subscription ${name} is ${state}.`);
  return `signed in, subscription ${name}`;
}

/** Flex Consumption joins a network through this provider; it is registered once a subscription. */
function networkProvider(): string {
  const { registrationState } = az('provider', 'show', '--namespace', 'Microsoft.App') as {
    readonly registrationState: string;
  };
  if (registrationState !== 'Registered') {
    throw new Told('The private network needs: az provider register --namespace Microsoft.App --wait');
  }
  return 'Microsoft.App is registered';
}

await runScript(main);
