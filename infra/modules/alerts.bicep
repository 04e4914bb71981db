metadata description = 'What speaks before users do. Each rule says what happened and where the way out is written, and resolves itself.'

import { AlertSettings, Tags } from 'types.bicep'

@description('Required. Beginning of the names of the rules.')
param namePrefix string

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

@description('Required. Name of the Application Insights component.')
param componentName string

@description('Required. Who hears of what, and how soon.')
param alerting AlertSettings

var standingAlert = loadTextContent('../queries/alerts/standing-alert.kql')

// What the app tells by itself, each with its beginning and its end. See "Alerts" in the runbook.
var standing = [
  { name: 'run-failed', severity: 1, says: 'The last run failed.', section: 'error-codes' }
  { name: 'stale', severity: 1, says: 'Two scheduled times have passed without a success.', section: 'alerts' }
  {
    name: 'count-deviation'
    severity: 1
    says: 'The directory showed far fewer people than before.'
    section: 'alerts'
  }
  { name: 'token-age', severity: 1, says: 'The delta token is about to be lost.', section: 'alerts' }
  { name: 'credential-expiring', severity: 2, says: 'A secret expires within 30 days.', section: 'rotate-secrets' }
  { name: 'removals-held', severity: 2, says: 'Removals wait for approval.', section: 'approve-or-reject-a-hold' }
  { name: 'change-held', severity: 2, says: 'Changes wait for approval.', section: 'approve-or-reject-a-hold' }
  { name: 'people-failing', severity: 3, says: 'Changes of some people fail.', section: 'alerts' }
  {
    name: 'resync-forced'
    severity: 3
    says: 'Graph refused the delta token; everybody is read anew.'
    section: 'alerts'
  }
]

var standingRules = map(standing, alert => {
  name: alert.name
  severity: alert.severity
  says: alert.says
  section: alert.section
  query: replace(standingAlert, '{alert}', alert.name)
  window: 'P2D'
  every: 'PT15M'
  // A row is there while the alert stands.
  firesOn: 'rows'
})

// What the app cannot tell by itself, or tells without an end.
var observedRules = [
  {
    name: 'no-success'
    severity: 1
    says: 'No run has succeeded in twice the interval.'
    section: 'alerts'
    query: loadTextContent('../queries/alerts/no-success.kql')
    window: alerting.successWithin
    every: 'PT1H'
    firesOn: 'silence'
  }
  {
    name: 'timer-silent'
    severity: 1
    says: 'The timer does not tick: the app is stopped, or does not start.'
    section: 'what-to-do-when'
    query: loadTextContent('../queries/alerts/timer-silent.kql')
    window: alerting.tickWithin
    every: 'PT15M'
    firesOn: 'silence'
  }
  {
    name: 'tick-failing'
    severity: 2
    says: 'The tick of the timer keeps failing.'
    section: 'error-codes'
    query: loadTextContent('../queries/alerts/tick-failing.kql')
    window: 'PT30M'
    every: 'PT15M'
    firesOn: 'rows'
  }
  {
    name: 'failing-share'
    severity: 2
    says: 'More than one person in twenty failed in a run.'
    section: 'reason-codes'
    query: loadTextContent('../queries/alerts/failing-share.kql')
    window: 'PT1H'
    every: 'PT15M'
    firesOn: 'rows'
  }
  {
    name: 'poison-message'
    severity: 2
    says: 'A message was given up.'
    section: 'poison-queues'
    query: loadTextContent('../queries/alerts/poison-message.kql')
    window: 'PT1H'
    every: 'PT15M'
    firesOn: 'rows'
  }
  {
    name: 'neighbour-down'
    severity: 2
    says: 'Microsoft Graph, MessageMedia or another neighbour does not serve us.'
    section: 'what-to-do-when'
    query: loadTextContent('../queries/alerts/neighbour-down.kql')
    window: 'PT30M'
    every: 'PT15M'
    firesOn: 'rows'
  }
  {
    name: 'configuration-invalid'
    severity: 1
    says: 'A setting or the sync configuration is wrong; no run starts.'
    section: 'error-codes'
    query: loadTextContent('../queries/alerts/configuration-invalid.kql')
    window: 'PT15M'
    every: 'PT15M'
    firesOn: 'rows'
  }
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alerting.mailAddresses)) {
  name: '${namePrefix}-people'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'entra-sync'
    emailReceivers: [
      for (address, index) in alerting.mailAddresses: {
        name: 'mail-${index}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

var ownGroupIds = empty(alerting.mailAddresses)
  ? []
  : [resourceId('Microsoft.Insights/actionGroups', '${namePrefix}-people')]

resource rule 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in concat(standingRules, observedRules): {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Entra Sync: ${alert.name}'
      description: '${alert.says} What to do: ${alerting.runbookUrl}#${alert.section}'
      enabled: true
      severity: alert.severity
      scopes: [component.id]
      evaluationFrequency: alert.every
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: alert.firesOn == 'silence' ? 'LessThan' : 'GreaterThan'
            threshold: alert.firesOn == 'silence' ? 1 : 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: {
        actionGroups: concat(ownGroupIds, alerting.actionGroupIds)
        customProperties: { runbook: '${alerting.runbookUrl}#${alert.section}' }
      }
    }
    dependsOn: [people]
  }
]
