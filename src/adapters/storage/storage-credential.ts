import type { TokenCredential } from '@azure/identity';

/** The identity of this process for storage. Loaded only when used: the library costs over 100 ms of a cold start. */
export async function storageCredential(options: {
  readonly managedIdentityClientId?: string | undefined;
  readonly allowedOrigins?: readonly string[];
}): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { guardedHttpClient } = await import('../guarded-http-client.ts');
  const { managedIdentityClientId, allowedOrigins } = options;
  return new DefaultAzureCredential({
    httpClient: guardedHttpClient({ allowedOrigins }),
    ...(managedIdentityClientId === undefined ? {} : { managedIdentityClientId }),
  });
}
