using 'main.bicep'

// Reached over the internet, opened by identities only. azd sets the variables: `azd env set NAME value`.

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

param entraAuth = readEnvironmentVariable('ENTRA_AUTH', 'managed-identity')
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID', '')
param easyAuthClientId = readEnvironmentVariable('EASY_AUTH_CLIENT_ID', '')

param lockStorage = bool(readEnvironmentVariable('LOCK_STORAGE', 'false'))
param networkAccess = readEnvironmentVariable('NETWORK_ACCESS', 'public')

// azd knows who deploys; that person or pipeline may set the secrets.
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
