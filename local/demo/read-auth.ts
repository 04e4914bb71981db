import { parseArgs } from 'node:util';
import { ENTRA_AUTHS } from '../stack/app-settings.ts';
import type { EntraAuth } from '../stack/app-settings.ts';

/** How the app of the demo signs in to Graph: `npm run demo -- --auth federated`. Throws what it could have been. */
export function readAuth(args: readonly string[] = process.argv.slice(2)): EntraAuth {
  const { values } = parseArgs({ args: [...args], options: { auth: { type: 'string', default: 'client-secret' } } });
  const auth = ENTRA_AUTHS.find((known) => known === values.auth);
  if (auth === undefined) throw new Error(`--auth is one of ${ENTRA_AUTHS.join(', ')}.`);
  return auth;
}
