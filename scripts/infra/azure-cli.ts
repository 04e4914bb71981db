import { runCommand, saidBy } from './run-command.ts';

/** A problem that somebody can mend: it is told without a stack. */
export class Told extends Error {
  override readonly name = 'Told';
}

/** What the Azure CLI answers as JSON. Throws what it said when it fails, and the cure when it is not there. */
export function az(...args: readonly string[]): unknown {
  const ran = runCommand('az', [...args, '--output', 'json']);
  if (ran.status === undefined) throw new Told('There is no Azure CLI on the PATH: https://aka.ms/install-azure-cli');
  if (ran.status !== 0) throw new Told(`az ${args.join(' ')} failed:\n${saidBy(ran)}`);
  return ran.stdout.trim() === '' ? undefined : JSON.parse(ran.stdout);
}

/** A token of whoever is signed in to the Azure CLI. It is never printed. */
export function tokenFor(resource: string): string {
  const answer = az('account', 'get-access-token', '--resource', resource) as { readonly accessToken: string };
  return answer.accessToken;
}

/** Values that azd hands to its hooks. Throws with all that are missing at once. */
export function outputsOf<Name extends string>(
  names: readonly Name[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => (env[name] ?? '') === '');
  if (missing.length > 0) {
    throw new Told(
      `These outputs of the deployment are missing: ${missing.join(', ')}. Run azd provision first, or set them: ` +
        'az deployment group show --query properties.outputs tells them.',
    );
  }
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Readonly<Record<Name, string>>;
}

/** Runs the command and tells what is wrong: the cure alone where there is one, and everything of what nobody expected. */
export async function runScript(main: () => Promise<void> | void): Promise<void> {
  try {
    await main();
  } catch (error) {
    const words = error instanceof Told ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${words}\n`);
    process.exitCode = 1;
  }
}
