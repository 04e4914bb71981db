import type { AccessTokens } from './access-tokens.ts';

/** A federated identity credential of the app registration: whose tokens it accepts. */
export interface FederatedCredential {
  /** `<authority>/<tenant>/v2.0`. */
  readonly issuer: string;
  /** Object id of the managed identity. */
  readonly subject: string;
  readonly audience: string;
}

/** Why Entra refuses what should prove the app. */
export interface CredentialProblem {
  readonly code: number;
  readonly message: string;
}

/** What Entra calls itself as the receiver of a token that is to be exchanged, by cloud. */
export const EXCHANGE_AUDIENCES: readonly string[] = [
  'api://AzureADTokenExchange',
  'api://AzureADTokenExchangeUSGov',
  'api://AzureADTokenExchangeChina',
];

export interface AssertionService {
  readonly tenantId: string;
  readonly tokens: AccessTokens;
  /** Whose tokens the app registration accepts in place of a secret, at the moment. */
  readonly federatedCredentials: () => readonly FederatedCredential[];
  readonly origin: () => string;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const UNMATCHED = 'No matching federated identity record found for presented assertion';

/** Checks a managed identity's token in the order of Entra: its form, its time, then issuer, subject and audience. */
export function assertionProblem(
  service: AssertionService,
  assertion: string,
  type: string | null,
): CredentialProblem | undefined {
  const checked = service.tokens.check(`Bearer ${assertion}`);
  if (type !== ASSERTION_TYPE || (!checked.valid && checked.problem !== 'expired')) {
    return { code: 50027, message: 'JWT token is invalid or malformed.' };
  }
  if (!checked.valid) return { code: 700024, message: 'Client assertion is not within its valid time range.' };
  const { audience, subject = '' } = checked.token;
  const issuer = `${service.origin()}/${service.tenantId}/v2.0`;
  const byIssuer = service.federatedCredentials().filter((credential) => credential.issuer === issuer);
  if (byIssuer.length === 0) return { code: 700211, message: `${UNMATCHED} issuer '${issuer}'.` };
  const bySubject = byIssuer.filter((credential) => credential.subject === subject);
  if (bySubject.length === 0) return { code: 700213, message: `${UNMATCHED} subject '${subject}'.` };
  if (bySubject.some((credential) => credential.audience === audience)) return undefined;
  return { code: 700212, message: `${UNMATCHED} audience '${audience}'.` };
}
