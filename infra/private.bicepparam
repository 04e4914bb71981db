using 'main.bicep'

// Storage, vault and app are reached from within the network only. Whoever deploys has to be in it, too.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'production')
param tags = {}

param sync = {
  config: loadTextContent('sync.config.jsonc')
  tick: '0 */5 * * * *'
  lanes: 4
}
param messageMedia = {
  baseUrl: readEnvironmentVariable('MESSAGEMEDIA_BASE_URL', 'https://api.messagemedia.com')
  auth: readEnvironmentVariable('MESSAGEMEDIA_AUTH', 'basic')
  maxConcurrency: 16
}

param entraAuth = 'managed-identity'
param easyAuthClientId = readEnvironmentVariable('EASY_AUTH_CLIENT_ID', '')

param networkAccess = 'private'
param appIsPublic = false
param networkPrefix = readEnvironmentVariable('NETWORK_PREFIX', '10.90.0.0/24')

param storageSkuName = 'Standard_GZRS'
param lockStorage = true
param logging = { retentionDays: 90, dailyCapGb: 5, storageReads: true }

param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')

param alerting = {
  mailAddresses: filter(split(readEnvironmentVariable('ALERT_MAIL', ''), ','), address => !empty(address))
  actionGroupIds: []
  runbookUrl: readEnvironmentVariable('RUNBOOK_URL', 'docs/operations.md')
  // Twice the interval of the schedule in sync.config.jsonc.
  successWithin: 'P2D'
  tickWithin: 'PT30M'
}
