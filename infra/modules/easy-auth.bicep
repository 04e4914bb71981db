metadata description = 'Authentication by the platform: nobody gets to the app without a token of the tenant, except at its liveness and its webhook.'

@description('Required. Name of the function app.')
param functionAppName string

@description('Required. Client id of the app registration that stands for the API; it has the app roles Sync.Read, Sync.Run, Sync.Approve, Sync.Admin.')
param clientId string

@description('Required. The tenant whose tokens are accepted.')
param tenantId string

@description('Required. Where tokens are issued, with a slash at the end as Azure names it.')
param authorityHost string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      // These two have no key either: the first says nothing, the second has locks of its own.
      excludedPaths: ['/api/health', '/api/webhooks/messagemedia']
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: { clientId: clientId, openIdIssuer: '${authorityHost}${tenantId}/v2.0' }
        validation: { allowedAudiences: [clientId, 'api://${clientId}'] }
      }
    }
    login: { tokenStore: { enabled: false } }
  }
}
