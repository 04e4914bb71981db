metadata description = 'One way into one resource from within the network, and the DNS zone by which it is found.'

import { Tags } from 'types.bicep'

@description('Required. Name of the endpoint.')
param name string

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

@description('Required. Name of the network that resolves the zone.')
param networkName string

@description('Required. Id of the subnet that the endpoint stands in.')
param subnetId string

@description('Required. Id of the resource that is reached.')
param targetId string

@description('Required. Which of its services: blob, queue, table, vault or sites.')
param groupId string

@description('Required. Name of the private DNS zone.')
param zoneName string

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' existing = {
  name: networkName
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    customNetworkInterfaceName: '${name}-nic'
    privateLinkServiceConnections: [
      { name: groupId, properties: { privateLinkServiceId: targetId, groupIds: [groupId] } }
    ]
  }

  resource zoneGroup 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: zone.id } }]
    }
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneName
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: networkName
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}
