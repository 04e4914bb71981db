import { EXIT } from './exit-codes.ts';
import { Refusal } from './refusal.ts';

/** The app that is spoken to. */
export interface Connection {
  /** `https://<app>.azurewebsites.net/api`, without a slash at the end. */
  readonly url: string;
  readonly key: string | undefined;
  /** Named on the command line, so that commands shown to the reader have to name it, too. */
  readonly isNamed: boolean;
}

/** What `npm start` prints. */
export const LOCAL_URL = 'http://127.0.0.1:7071/api';
/** The key of the local stack, the same in api.http: no secret. */
const LOCAL_KEY = 'local-function-key';

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Address and key from the options, else from ENTRA_SYNC_URL and ENTRA_SYNC_KEY, else those of the local stack. */
export function readConnection(
  options: { readonly url?: string | undefined; readonly key?: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Connection {
  const given = textOf(options.url) ?? textOf(env['ENTRA_SYNC_URL']);
  const url = readUrl(given ?? LOCAL_URL);
  const key = textOf(options.key) ?? textOf(env['ENTRA_SYNC_KEY']) ?? (url === LOCAL_URL ? LOCAL_KEY : undefined);
  // What a header cannot hold would be quoted in the error of the HTTP client.
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) throw usage('The function key has characters that no key has.');
  return { url, key, isNamed: options.url !== undefined };
}

function readUrl(text: string): string {
  if (!URL.canParse(text))
    throw usage('The address of the app is not a URL such as https://<app>.azurewebsites.net/api.');
  const { protocol, hostname, username, password, search, origin, pathname } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.includes(hostname))) {
    throw usage('The address of the app has to begin with https://: the function key travels with every call.');
  }
  if (username !== '' || password !== '' || search !== '') {
    throw usage('The address of the app holds more than host and path: give the key by --key or ENTRA_SYNC_KEY.');
  }
  const path = pathname.replace(/\/+$/, '');
  return `${origin}${path === '' ? '/api' : path}`;
}

/** An empty variable counts as none. */
function textOf(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function usage(message: string): Refusal {
  return new Refusal(EXIT.usage, 'usage', message);
}
