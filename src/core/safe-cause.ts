const CODE = /^[A-Za-z]\w{0,63}$/;

/**
 * The name and code of an SDK's error, as a cause that is safe to log. The original one holds the request,
 * and with it a client secret, a token or a secret's value.
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('Something that is no error was thrown.');
  const code = 'code' in error && typeof error.code === 'string' && CODE.test(error.code) ? ` ${error.code}` : '';
  return new Error(`${error.name}${code}`);
}
