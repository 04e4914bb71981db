const AUDIENCE = 'api://AzureADTokenExchange';

// What Entra calls itself in each cloud, as the receiver of a token that proves an app registration.
const AUDIENCES: Readonly<Record<string, string>> = {
  'login.microsoftonline.us': `${AUDIENCE}USGov`,
  'login.chinacloudapi.cn': `${AUDIENCE}China`,
  'login.partner.microsoftonline.cn': `${AUDIENCE}China`,
};

/** The scope of a managed identity's token that Entra exchanges for one of the app registration. */
export function exchangeScope(authorityHost: string): string {
  return `${AUDIENCES[new URL(authorityHost).hostname] ?? AUDIENCE}/.default`;
}
