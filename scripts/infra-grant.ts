import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { outputsOf, runScript, Told, tokenFor } from './infra/azure-cli.ts';
import { planGrants, type EntraAuth, type GrantRequest, type GrantState, type GrantStep } from './infra/grant-plan.ts';
import { readGrants, takeStep, type Clients } from './infra/grant-steps.ts';
import { commandOf, describeStep, leftByHand, type ByHand, type Places } from './infra/grant-words.ts';
import { graphRolesFor } from './infra/graph-roles.ts';
import { createRestClient, Refused } from './infra/rest-client.ts';

const OUTPUTS = [
  'ENTRA_AUTH',
  'ENTRA_AUTHORITY_HOST',
  'ENTRA_TENANT_ID',
  'GRAPH_BASE_URL',
  'IDENTITY_PRINCIPAL_ID',
  'KEY_VAULT_NAME',
  'KEY_VAULT_URI',
] as const;

const PAUSE_MS = 5_000;
const READER_CURE =
  'Whoever runs this needs the role Key Vault Secrets Officer on the vault (AZURE_PRINCIPAL_ID gets it at provisioning) ' +
  'and may read applications in the directory.';

/**
 * After the resources are there: lets the app call Microsoft Graph, and makes the pseudonym key if there is none.
 * What is there already is left as it is. With `--what-if` it says what it would do. Ends with what is left by hand.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'what-if': { type: 'boolean', default: false },
      config: { type: 'string', default: 'infra/sync.config.jsonc' },
      'wait-seconds': { type: 'string', default: '180' },
    },
  });
  const outputs = outputsOf(OUTPUTS, process.env);
  const request = requestFrom(outputs, readFileSync(values.config, 'utf8'));
  const clients = connect(outputs.GRAPH_BASE_URL, outputs.KEY_VAULT_URI);
  const places = { graphBaseUrl: outputs.GRAPH_BASE_URL, vaultName: outputs.KEY_VAULT_NAME };
  const state = await readWhenAllowed(request, clients, Number(values['wait-seconds']));
  const steps = planGrants(request, state);
  say(steps.length === 0 ? 'Everything is granted already.' : `${steps.length} step(s):`);
  const refused = values['what-if'] ? tellSteps(steps) : await takeSteps(steps, request, state, clients, places);
  sayByHand([...refused, ...leftByHand(request, state, places)]);
}

function requestFrom(outputs: Readonly<Record<(typeof OUTPUTS)[number], string>>, config: string): GrantRequest {
  const auth = outputs.ENTRA_AUTH as EntraAuth;
  const clientId = process.env['ENTRA_CLIENT_ID'] ?? '';
  const apiClientId = process.env['EASY_AUTH_CLIENT_ID'] ?? '';
  if (auth !== 'managed-identity' && clientId === '') {
    throw new Told(`ENTRA_AUTH is ${auth}, and that needs ENTRA_CLIENT_ID: the client id of the app registration.`);
  }
  return {
    auth,
    identityPrincipalId: outputs.IDENTITY_PRINCIPAL_ID,
    ...(auth === 'managed-identity' ? {} : { clientId }),
    tenantId: outputs.ENTRA_TENANT_ID,
    authorityHost: outputs.ENTRA_AUTHORITY_HOST,
    roles: graphRolesFor(config),
    ...(apiClientId === '' ? {} : { apiClientId }),
  };
}

/** A vault's tokens are for its domain: `https://vault.azure.net` for `https://name.vault.azure.net/`. */
function connect(graphBaseUrl: string, vaultUri: string): Clients {
  const vault = new URL(vaultUri);
  const vaultDomain = vault.hostname.split('.').slice(1).join('.');
  return {
    graph: createRestClient(graphBaseUrl, tokenFor(graphBaseUrl)),
    vault: createRestClient(vault.origin, tokenFor(`https://${vaultDomain === '' ? vault.hostname : vaultDomain}`)),
  };
}

/** A role on the vault that was assigned a moment ago takes some minutes to be believed. */
async function readWhenAllowed(request: GrantRequest, clients: Clients, waitSeconds: number): Promise<GrantState> {
  const until = Date.now() + waitSeconds * 1000;
  for (;;) {
    try {
      return await readGrants(request, clients);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (Date.now() + PAUSE_MS > until) throw new Told(`${error.message}\n${READER_CURE}`);
      await delay(PAUSE_MS);
    }
  }
}

function tellSteps(steps: readonly GrantStep[]): readonly ByHand[] {
  for (const step of steps) say(`  would ${describeStep(step)}`);
  return [];
}

/** Takes the steps one by one. Those that whoever is signed in may not take are left to somebody who may. */
async function takeSteps(
  steps: readonly GrantStep[],
  request: GrantRequest,
  state: GrantState,
  clients: Clients,
  places: Places,
): Promise<readonly ByHand[]> {
  const refused: ByHand[] = [];
  for (const step of steps) {
    try {
      await takeStep(step, request, state, clients);
      say(`  done: ${describeStep(step)}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say(`  refused: ${describeStep(step)}\n    ${error.message}`);
      const what = `Have an administrator ${describeStep(step)}`;
      refused.push({ what, command: commandOf(step, request, state, places) });
    }
  }
  return refused;
}

function sayByHand(left: readonly ByHand[]): void {
  if (left.length === 0) return;
  say('\nLeft to do by hand:');
  for (const { what, command } of left) say(`\n  ${what}:\n    ${command}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await runScript(main);
