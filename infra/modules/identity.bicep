metadata description = 'The user-assigned identity that the app is to everybody: storage, vault, logs and Microsoft Graph.'

import { Tags } from 'types.bicep'

@description('Required. Name of the identity.')
param name string

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('What app settings and sign-ins name the identity by.')
output clientId string = identity.properties.clientId

@description('What roles are assigned to.')
output principalId string = identity.properties.principalId
