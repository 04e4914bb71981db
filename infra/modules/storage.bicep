metadata description = 'The storage account: our tables and queues, the packages, and what the Functions host keeps. No shared key opens it.'

import { PublicAccess, Tags } from 'types.bicep'

@description('Required. Name of the storage account.')
param name string

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

@description('Required. Redundancy.')
param skuName 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

@description('Required. Whether the internet reaches the account; identities decide who gets in.')
param publicAccess PublicAccess

@description('Required. Name of the workspace that gets the logs.')
param workspaceName string

@description('Required. Whether reads are logged, too. Waiting queues are read every second, so this is most of the log.')
param logReads bool

@description('Required. Whether the account is locked against deletion.')
param isLocked bool

@description('Required. Name of the container for deployed packages.')
param packageContainerName string

// The queues and tables of the app. The app creates what is missing, but triggers start before its first run.
var queues = ['sync-runs', 'sync-batches', 'sync-runs-poison', 'sync-batches-poison']
var tables = ['syncstate', 'syncruns', 'syncparts', 'syncpeople', 'syncconsent']

var loggedCategories = logReads ? ['StorageRead', 'StorageWrite', 'StorageDelete'] : ['StorageWrite', 'StorageDelete']
var logs = [for category in loggedCategories: { category: category, enabled: true }]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: skuName }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess
    networkAcls: { bypass: 'AzureServices', defaultAction: publicAccess == 'Enabled' ? 'Allow' : 'Deny' }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: { enabled: true, keyType: 'Account' }
        queue: { enabled: true, keyType: 'Account' }
        table: { enabled: true, keyType: 'Account' }
      }
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 14 }
      containerDeleteRetentionPolicy: { enabled: true, days: 14 }
    }

    resource packages 'containers' = {
      name: packageContainerName
      properties: { publicAccess: 'None' }
    }
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [for queueName in queues: { name: queueName }]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [for tableName in tables: { name: tableName }]
  }
}

resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: { workspaceId: workspace.id, logs: logs }
}

resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::queueService
  properties: { workspaceId: workspace.id, logs: logs }
}

resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::tableService
  properties: { workspaceId: workspace.id, logs: logs }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isLocked) {
  name: 'keeps-consent'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'The evidence of opt-outs is in here, and nothing brings it back.'
  }
}
