metadata description = 'The shapes that main.bicep hands to its modules.'

@export()
@description('How the app signs in to Microsoft Graph, and in which cloud.')
type EntraSettings = {
  @description('Required. The tenant whose directory is read.')
  tenantId: string

  @description('Required. The client id: of the app registration, or of the managed identity when it signs in itself.')
  clientId: string

  @description('Required. How the app proves who it is.')
  auth: EntraAuth

  @description('Required. Where tokens are issued, with a slash at the end as Azure names it.')
  authorityHost: string

  @description('Required. Microsoft Graph of this cloud, without a slash at the end.')
  graphBaseUrl: string
}

@export()
@description('managed-identity and federated need no secret; client-secret is read from the vault.')
type EntraAuth = 'managed-identity' | 'federated' | 'client-secret'

@export()
@description('Which MessageMedia account is written to, and how fast.')
type MessageMediaSettings = {
  @description('Required. The API of the region that the account lives in.')
  baseUrl: 'https://api.messagemedia.com' | 'https://eu.app.api.sinch.com' | 'https://au.app.api.sinch.com'

  @description('Required. How requests are signed.')
  auth: 'basic' | 'hmac'

  @description('Required. The most calls at once in one batch worker.')
  @minValue(1)
  @maxValue(256)
  maxConcurrency: int

  @description('Optional. The most calls a second of one instance; absent sets no pace.')
  maxRequestsPerSecond: string?
}

@export()
@description('What is synchronised, and how often the timer looks whether a run is due.')
type SyncSettings = {
  @description('Required. The sync configuration as JSON text, comments allowed.')
  config: string

  @description('Required. NCRONTAB of the timer, in UTC.')
  tick: string

  @description('Required. Lanes of a phase: how many batches are worked on at once.')
  @minValue(1)
  @maxValue(32)
  lanes: int
}

@export()
@description('What one instance is, and how many there may be.')
type ScaleSettings = {
  @description('Required. Memory of an instance in MB; it decides the cores, too.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('Required. The most instances of one function. It does not bound the load on MessageMedia: lanes do.')
  @minValue(40)
  @maxValue(1000)
  maximumInstanceCount: int
}

@export()
@description('Whether a resource can be reached from the internet.')
type PublicAccess = 'Enabled' | 'Disabled'

@export()
@description('Tags of a resource.')
type Tags = { *: string }

@export()
@description('Who hears of what, and how soon.')
type AlertSettings = {
  @description('Required. Who gets a mail; nobody is fine, alerts are then seen in the portal only.')
  mailAddresses: string[]

  @description('Required. Ids of action groups that exist already.')
  actionGroupIds: string[]

  @description('Required. Where docs/operations.md can be read: alerts and the workbook lead to its sections.')
  runbookUrl: string

  @description('Required. How long may pass without a successful run: twice the interval of the schedule, at most two days.')
  successWithin: 'PT1H' | 'PT2H' | 'PT6H' | 'P1D' | 'P2D'

  @description('Required. How long may pass without a tick of the timer.')
  tickWithin: 'PT30M' | 'PT1H' | 'PT2H'
}

@export()
@description('What is logged, how much of it, and for how long.')
type LogSettings = {
  @description('Required. How long logs are kept, in days.')
  @minValue(30)
  @maxValue(730)
  retentionDays: int

  @description('Required. The most that is taken in a day, in GB; -1 sets no cap.')
  dailyCapGb: int

  @description('Required. Whether reads of storage are logged, too. Waiting queues are read every second, so this is most of the log.')
  storageReads: bool
}
