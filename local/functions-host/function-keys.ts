import { createHmac, randomBytes } from 'node:crypto';

export interface FunctionKeys {
  /** Opens everything, `/admin` too. */
  readonly master: string;
  /** Opens every function. */
  readonly host: string;
  /** The key that opens this function only. */
  function(name: string): string;
}

export interface KeyOptions {
  readonly master?: string;
  readonly host?: string;
}

/** Keys for one host: fresh ones unless given. The functions' keys follow from the master key, so a restart keeps them. */
export function createKeys({ master = randomKey(), host = randomKey() }: KeyOptions = {}): FunctionKeys {
  return {
    master,
    host,
    function: (name) => createHmac('sha256', master).update(name.toLowerCase()).digest('base64url'),
  };
}

/** Whether the key given with a request opens a function of this auth level. */
export function isAuthorized(
  keys: FunctionKeys,
  authLevel: unknown,
  functionName: string,
  given: string | undefined,
): boolean {
  if (authLevel === 'anonymous') return true;
  if (given === undefined) return false;
  if (given === keys.master) return true;
  return authLevel === 'function' && (given === keys.host || given === keys.function(functionName));
}

function randomKey(): string {
  return randomBytes(24).toString('base64url');
}
