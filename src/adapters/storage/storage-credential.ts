import type { TokenCredential } from '@azure/identity';

/** The identity of this process for storage. Loaded only when used: the library costs over 100 ms of a cold start. */
export async function storageCredential(managedIdentityClientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(managedIdentityClientId === undefined ? {} : { managedIdentityClientId });
}
