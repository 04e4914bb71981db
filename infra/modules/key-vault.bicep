metadata description = 'The vault for the few secrets there are. Opened by roles only; what is deleted can be brought back for 90 days.'

import { PublicAccess, Tags } from 'types.bicep'

@description('Required. Name of the vault.')
param name string

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

@description('Required. Whether the internet reaches the vault; roles decide who gets in.')
param publicAccess PublicAccess

@description('Required. Name of the workspace that gets the audit log.')
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: publicAccess
    networkAcls: { bypass: 'None', defaultAction: publicAccess == 'Enabled' ? 'Allow' : 'Deny' }
  }
}

resource auditLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
