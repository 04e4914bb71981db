// What App Service and the instance metadata service say about a client id that is not assigned here.
const NO_SUCH_IDENTITY = /No User Assigned or Delegated Managed Identity found|Identity not found/i;

/** Whether the platform refuses because it has no such managed identity for this app. */
export function isMissingIdentity(message: string): boolean {
  return NO_SUCH_IDENTITY.test(message);
}
