targetScope = 'resourceGroup'

metadata name = 'Entra Sync'
metadata description = 'Everything that the app needs in one resource group: docs/deploy.md walks through it.'

import { AlertSettings, EntraAuth, LogSettings, MessageMediaSettings, ScaleSettings, SyncSettings, Tags } from 'modules/types.bicep'

// Who and where

@description('Required. Name of this environment (test, production): it is in the tags and decides the names.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Optional. Region; that of the resource group.')
param location string = resourceGroup().location

@description('Optional. More tags for every resource.')
param tags Tags = {}

// What is synchronised

@description('Required. The sync configuration, its timer and its lanes.')
param sync SyncSettings

@description('Optional. How the app signs in to Microsoft Graph.')
param entraAuth EntraAuth = 'managed-identity'

@description('Optional. Client id of the app registration. Required unless the managed identity signs in itself.')
param entraClientId string = ''

@description('Optional. The tenant whose directory is read; that of the subscription.')
param entraTenantId string = tenant().tenantId

@description('Optional. Microsoft Graph, where it is not the one of the cloud of this deployment (US Government DoD).')
param graphBaseUrl string = ''

@description('Required. The MessageMedia account.')
param messageMedia MessageMediaSettings

// How it runs

@description('Optional. Memory and number of instances.')
param scale ScaleSettings = { instanceMemoryMB: 2048, maximumInstanceCount: 40 }

@description('Optional. Redundancy of the storage account.')
param storageSkuName 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_ZRS'

// Who gets in

@description('Optional. public: reached over the internet, by identities only. private: storage and vault through private endpoints, the app from its own network.')
param networkAccess 'public' | 'private' = 'public'

@description('Optional. Whether the app itself can be reached from the internet although the network is private: webhooks need that.')
param appIsPublic bool = networkAccess == 'public'

@description('Optional. Address range of the private network, /24 or larger.')
param networkPrefix string = '10.90.0.0/24'

@description('Optional. Client id of the app registration that stands for the API. Given, the platform lets nobody in without a token, and roles are by person.')
param easyAuthClientId string = ''

@description('Optional. The address by which MessageMedia calls the app, where webhooks are used.')
param publicBaseUrl string = ''

@description('Optional. Object id of whoever sets the secrets of the vault; empty assigns nobody.')
param operatorPrincipalId string = ''

@description('Optional. What that object is.')
param operatorPrincipalType 'User' | 'Group' | 'ServicePrincipal' = 'User'

@description('Optional. Whether the storage account is locked against deletion: opt-outs are kept there, and nothing brings them back.')
param lockStorage bool = false

// Who hears of it

@description('Optional. Who hears of what, and how soon.')
param alerting AlertSettings = {
  mailAddresses: []
  actionGroupIds: []
  runbookUrl: 'docs/operations.md'
  successWithin: 'P2D'
  tickWithin: 'PT30M'
}

@description('Optional. What is logged, how much of it, and for how long.')
param logging LogSettings = { retentionDays: 90, dailyCapGb: 1, storageReads: false }

var token = uniqueString(resourceGroup().id, environmentName)
var names = {
  app: 'func-entra-sync-${token}'
  plan: 'plan-entra-sync-${token}'
  identity: 'id-entra-sync-${token}'
  storage: 'stsync${token}'
  vault: 'kv-sync-${token}'
  component: 'appi-entra-sync-${token}'
  workspace: 'log-entra-sync-${token}'
  network: 'vnet-entra-sync-${token}'
  packages: 'packages'
}
var allTags = union({ 'azd-env-name': environmentName, app: 'entra-sync' }, tags)
var isPrivate = networkAccess == 'private'
var storeAccess = isPrivate ? 'Disabled' : 'Enabled'
var appAccess = appIsPublic ? 'Enabled' : 'Disabled'
var graphOfCloud = {
  AzureCloud: 'https://graph.microsoft.com'
  AzureUSGovernment: 'https://graph.microsoft.us'
  AzureChinaCloud: 'https://microsoftgraph.chinacloudapi.cn'
}
var appZoneOfCloud = {
  AzureCloud: 'privatelink.azurewebsites.net'
  AzureUSGovernment: 'privatelink.azurewebsites.us'
  AzureChinaCloud: 'privatelink.chinacloudsites.cn'
}
var authorityHost = environment().authentication.loginEndpoint
var graph = empty(graphBaseUrl) ? graphOfCloud[environment().name] : graphBaseUrl

module identity 'modules/identity.bicep' = {
  params: { name: names.identity, location: location, tags: allTags }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: names.workspace
    componentName: names.component
    location: location
    tags: allTags
    logging: logging
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: names.storage
    location: location
    tags: allTags
    skuName: storageSkuName
    publicAccess: storeAccess
    workspaceName: names.workspace
    logReads: logging.storageReads
    isLocked: lockStorage
    packageContainerName: names.packages
  }
  dependsOn: [monitoring]
}

module vault 'modules/key-vault.bicep' = {
  params: {
    name: names.vault
    location: location
    tags: allTags
    publicAccess: storeAccess
    workspaceName: names.workspace
  }
  dependsOn: [monitoring]
}

module roleAssignments 'modules/role-assignments.bicep' = {
  params: {
    identityName: names.identity
    storageAccountName: names.storage
    vaultName: names.vault
    componentName: names.component
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
  dependsOn: [identity, monitoring, storage, vault]
}

module network 'modules/network.bicep' = if (isPrivate) {
  params: {
    name: names.network
    location: location
    tags: allTags
    addressPrefix: networkPrefix
    storageAccountName: names.storage
    vaultName: names.vault
  }
  dependsOn: [storage, vault]
}

module app 'modules/function-app.bicep' = {
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: allTags
    identityName: names.identity
    storageAccountName: names.storage
    packageContainerName: names.packages
    vaultName: names.vault
    componentName: names.component
    workspaceName: names.workspace
    publicAccess: appAccess
    subnetId: network.?outputs.appSubnetId ?? ''
    scale: scale
    sync: sync
    entra: {
      tenantId: entraTenantId
      clientId: entraAuth == 'managed-identity' ? identity.outputs.clientId : entraClientId
      auth: entraAuth
      authorityHost: authorityHost
      graphBaseUrl: graph
    }
    messageMedia: messageMedia
    trustEasyAuth: !empty(easyAuthClientId)
    publicBaseUrl: publicBaseUrl
  }
  // The app reads its package with these roles as soon as it is there.
  dependsOn: [roleAssignments]
}

module appEndpoint 'modules/private-endpoint.bicep' = if (isPrivate) {
  params: {
    name: '${names.network}-app'
    location: location
    tags: allTags
    networkName: names.network
    subnetId: network.?outputs.endpointSubnetId ?? ''
    targetId: resourceId('Microsoft.Web/sites', names.app)
    groupId: 'sites'
    zoneName: appZoneOfCloud[environment().name]
  }
  dependsOn: [app]
}

module easyAuth 'modules/easy-auth.bicep' = if (!empty(easyAuthClientId)) {
  params: {
    functionAppName: names.app
    clientId: easyAuthClientId
    tenantId: entraTenantId
    authorityHost: authorityHost
  }
  dependsOn: [app]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    namePrefix: names.app
    location: location
    tags: allTags
    componentName: names.component
    alerting: alerting
  }
  dependsOn: [monitoring]
}

module workbook 'modules/workbook.bicep' = {
  params: {
    location: location
    tags: allTags
    title: 'Entra Sync (${environmentName})'
    componentName: names.component
    runbookUrl: alerting.runbookUrl
    instanceMemoryMB: scale.instanceMemoryMB
  }
  dependsOn: [monitoring]
}

// What the hooks of azd and docs/deploy.md read. Names and addresses; no secret is among them.

@description('Name of the function app.')
output FUNCTION_APP_NAME string = names.app

@description('The app, with https and without a slash at the end.')
output FUNCTION_APP_URL string = 'https://${app.outputs.hostName}'

@description('Name of the vault that the secrets go into.')
output KEY_VAULT_NAME string = names.vault

@description('Address of that vault.')
output KEY_VAULT_URI string = vault.outputs.uri

@description('Client id of the identity of the app.')
output IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('Object id of the identity of the app: Microsoft Graph knows it by that.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Microsoft Graph of this cloud.')
output GRAPH_BASE_URL string = graph

@description('Where tokens of this cloud are issued, with a slash at the end.')
output ENTRA_AUTHORITY_HOST string = authorityHost

@description('The tenant whose directory is read.')
output ENTRA_TENANT_ID string = entraTenantId

@description('How the app signs in to Microsoft Graph.')
output ENTRA_AUTH string = entraAuth
