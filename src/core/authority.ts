const WELL_KNOWN_HOSTS: readonly string[] = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.chinacloudapi.cn',
];

/**
 * Whether Microsoft's sign-in library knows this authority by heart. For any other one instance discovery has to
 * be off: the library would ask login.microsoftonline.com about it.
 */
export function isWellKnownAuthority(authorityHost: string): boolean {
  return URL.canParse(authorityHost) && WELL_KNOWN_HOSTS.includes(new URL(authorityHost).hostname);
}
