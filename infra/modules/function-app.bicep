metadata description = 'The function app on Flex Consumption. It is its identity everywhere; none of its settings is a secret.'

import { EntraSettings, MessageMediaSettings, PublicAccess, ScaleSettings, SyncSettings, Tags } from 'types.bicep'

@description('Required. Name of the app: at most 32 characters, or two apps on one storage account could take each other for one.')
@maxLength(32)
param name string

@description('Required. Name of the plan.')
param planName string

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

@description('Required. Name of the identity of the app.')
param identityName string

@description('Required. Name of the storage account.')
param storageAccountName string

@description('Required. Name of the container for deployed packages.')
param packageContainerName string

@description('Required. Name of the vault.')
param vaultName string

@description('Required. Name of the Application Insights component.')
param componentName string

@description('Required. Name of the workspace that gets the log of the platform.')
param workspaceName string

@description('Required. Whether the internet reaches the app.')
param publicAccess PublicAccess

@description('Optional. Id of the subnet that the app calls from; empty leaves it outside any network.')
param subnetId string = ''

@description('Required. Memory and number of instances.')
param scale ScaleSettings

@description('Required. The sync itself.')
param sync SyncSettings

@description('Required. The sign-in to Microsoft Graph.')
param entra EntraSettings

@description('Required. The MessageMedia account.')
param messageMedia MessageMediaSettings

@description('Required. Whether the app believes the roles that the authentication of the platform tells it.')
param trustEasyAuth bool

@description('Optional. The address by which MessageMedia calls the app, where webhooks are used; empty sets none.')
param publicBaseUrl string = ''

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

var platformSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  // Names the component. Nothing can be written with it alone: local authentication is off there.
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  // The bundle is one line: without its source map, a stack trace says nothing.
  languageWorkers__node__arguments: '--enable-source-maps'
}

var ownSettings = {
  AZURE_CLIENT_ID: identity.properties.clientId
  KEY_VAULT_URI: vault.properties.vaultUri
  SYNC_CONFIG_JSON: sync.config
  SYNC_TICK: sync.tick
  SYNC_LANES: string(sync.lanes)
  ENTRA_TENANT_ID: entra.tenantId
  ENTRA_CLIENT_ID: entra.clientId
  ENTRA_AUTH: entra.auth
  ENTRA_AUTHORITY_HOST: entra.authorityHost
  GRAPH_BASE_URL: entra.graphBaseUrl
  MESSAGEMEDIA_BASE_URL: messageMedia.baseUrl
  MESSAGEMEDIA_AUTH: messageMedia.auth
  MESSAGEMEDIA_MAX_CONCURRENCY: string(messageMedia.maxConcurrency)
  TRUST_EASY_AUTH: trustEasyAuth ? 'true' : 'false'
}

var paceSettings = empty(messageMedia.?maxRequestsPerSecond ?? '')
  ? {}
  : { MESSAGEMEDIA_MAX_REQUESTS_PER_SECOND: messageMedia.?maxRequestsPerSecond }
var webhookSettings = empty(publicBaseUrl) ? {} : { PUBLIC_BASE_URL: publicBaseUrl }

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app that it deploys to by this tag.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: publicAccess
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      remoteDebuggingEnabled: false
      cors: { allowedOrigins: [], supportCredentials: false }
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainerName}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        instanceMemoryMB: scale.instanceMemoryMB
        maximumInstanceCount: scale.maximumInstanceCount
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(platformSettings, ownSettings, paceSettings, webhookSettings)
  }
}

resource platformLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName
