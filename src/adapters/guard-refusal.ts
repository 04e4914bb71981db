/** Why a request of an SDK was stopped, by the code of the error. Stands apart because it is needed before any SDK is loaded. */
export const GUARD_REFUSALS = {
  HostNotAllowed: 'A request to a host that is not on the list was not sent.',
  RedirectRefused: 'A redirect was not followed.',
} as const;
export type GuardRefusal = keyof typeof GUARD_REFUSALS;

/** Whether what an SDK threw is the guard's refusal. */
export function isGuardRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code) in GUARD_REFUSALS;
}
