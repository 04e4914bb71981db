metadata description = 'A network in which the app, its storage and its vault find each other without the internet.'

import { Tags } from 'types.bicep'

@description('Required. Name of the virtual network.')
param name string

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

@description('Required. Address range of the network, /24 or larger: a /26 for the app, a /26 for the private endpoints.')
param addressPrefix string

@description('Required. Name of the storage account.')
param storageAccountName string

@description('Required. Name of the vault.')
param vaultName string

var storageSuffix = environment().suffixes.storage
// The zone of the vault is another word in the same domain: vault.azure.net is reached through vaultcore.azure.net.
var vaultZone = 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

var endpoints = [
  { name: 'blob', targetId: storage.id, zone: 'privatelink.blob.${storageSuffix}' }
  { name: 'queue', targetId: storage.id, zone: 'privatelink.queue.${storageSuffix}' }
  { name: 'table', targetId: storage.id, zone: 'privatelink.table.${storageSuffix}' }
  { name: 'vault', targetId: vault.id, zone: vaultZone }
]

resource appRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-app'
  location: location
  tags: tags
  properties: {}
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'https-from-the-network'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: 'VirtualNetwork'
          destinationPortRange: '443'
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 200
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          networkSecurityGroup: { id: appRules.id }
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          networkSecurityGroup: { id: endpointRules.id }
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
          // Nothing in here calls anybody.
          defaultOutboundAccess: false
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = { name: 'app' }
  resource endpointSubnet 'subnets' existing = { name: 'endpoints' }
}

module privateEndpoint 'private-endpoint.bicep' = [
  for endpoint in endpoints: {
    params: {
      name: '${name}-${endpoint.name}'
      location: location
      tags: tags
      networkName: network.name
      subnetId: network::endpointSubnet.id
      targetId: endpoint.targetId
      groupId: endpoint.name
      zoneName: endpoint.zone
    }
  }
]

@description('Where the app calls from.')
output appSubnetId string = network::appSubnet.id

@description('Where private endpoints stand.')
output endpointSubnetId string = network::endpointSubnet.id
