/** How to reach the storage account: by connection string on a laptop, by identity in Azure. */
export type StorageSettings =
  | { readonly connectionString: string }
  | {
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      /** Client id of the user-assigned managed identity. */
      readonly managedIdentityClientId?: string | undefined;
    };

/** Plain HTTP is spoken only where the connection string itself asks for it: the emulator. */
export function allowsPlainHttp(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|DefaultEndpointsProtocol=http(;|$)|TableEndpoint=http:/i.test(connectionString);
}
