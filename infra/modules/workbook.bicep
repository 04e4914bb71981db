metadata description = 'The one page that says whether people are reachable: in step, what changed, what waits and why, the neighbours, the cost.'

import { Tags } from 'types.bicep'

@description('Required. Region of all that is here.')
param location string

@description('Required. Tags of all that is here.')
param tags Tags

@description('Required. Title in the portal.')
param title string

@description('Required. Name of the Application Insights component.')
param componentName string

@description('Required. Address of docs/operations.md, to whose sections the tables lead.')
param runbookUrl string

@description('Required. Memory of an instance in MB, by which executions become GB-seconds.')
param instanceMemoryMB int

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

type Heading = { type: 1, name: string, content: { json: string } }

type Chart = {
  type: 3
  name: string
  customWidth: string
  content: {
    version: 'KqlItem/1.0'
    title: string
    query: string
    size: 0
    queryType: 0
    resourceType: 'microsoft.insights/components'
    timeContext: { durationMs: 0 }
    timeContextFromParameter: 'TimeRange'
    visualization: 'table' | 'barchart' | 'linechart'
    noDataMessage: string
    noDataMessageStyle: 3
  }
}

@description('A heading with a sentence below it.')
func heading(name string, text string) Heading => { type: 1, name: name, content: { json: text } }

@description('A query with the chart or table that shows it, over the time chosen at the top.')
func chart(name string, titleText string, query string, visualization 'table' | 'barchart' | 'linechart', width string) Chart => {
  type: 3
  name: name
  customWidth: width
  content: {
    version: 'KqlItem/1.0'
    title: titleText
    query: query
    size: 0
    queryType: 0
    resourceType: 'microsoft.insights/components'
    timeContext: { durationMs: 0 }
    timeContextFromParameter: 'TimeRange'
    visualization: visualization
    noDataMessage: 'Nothing in this time.'
    noDataMessageStyle: 3
  }
}

var timeRange = {
  type: 9
  name: 'time'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    queryType: 0
    resourceType: 'microsoft.insights/components'
    parameters: [
      {
        id: guid('time-range')
        version: 'KqlParameterItem/1.0'
        name: 'TimeRange'
        label: 'Time'
        type: 4
        isRequired: true
        value: { durationMs: 604800000 }
        typeSettings: {
          selectableValues: map([1, 4, 24, 72, 168, 720, 2160], hours => { durationMs: hours * 3600000 })
          allowCustom: true
        }
      }
    ]
  }
}

var inStep = [
  heading(
    'in-step',
    '## Are we in step?\nThe next five runs, and the health of each neighbour from a real call, are in `GET /api/status`.'
  )
  chart('last-success', 'Last success', loadTextContent('../queries/workbook/last-success.kql'), 'table', '40')
  chart(
    'standing-alerts',
    'What needs people now',
    loadTextContent('../queries/workbook/standing-alerts.kql'),
    'table',
    '60'
  )
  chart(
    'queue-age',
    'Seconds a message waits in the queue',
    loadTextContent('../queries/workbook/queue-age.kql'),
    'linechart',
    '50'
  )
  chart('token-age', 'Days of the delta token', loadTextContent('../queries/workbook/token-age.kql'), 'linechart', '50')
]

var whatChanged = [
  heading('what-changed', '## What changed')
  chart(
    'people-by-outcome',
    'People by operation and day',
    loadTextContent('../queries/workbook/people-by-outcome.kql'),
    'barchart',
    '50'
  )
  chart(
    'changes-by-department',
    'Changes by department and day',
    loadTextContent('../queries/workbook/changes-by-department.kql'),
    'barchart',
    '50'
  )
  chart(
    'departments',
    'Departments (what waits: most in a run)',
    loadTextContent('../queries/workbook/departments.kql'),
    'table',
    '100'
  )
  chart('last-runs', 'Runs, newest first', loadTextContent('../queries/workbook/last-runs.kql'), 'table', '100')
]

var whatWaits = [
  heading(
    'what-waits',
    '## What is held or failing, and why\nWho it is, with every field: `GET /api/runs/{runId}/records`. What to do: [the runbook](${runbookUrl}).'
  )
  chart(
    'not-applied',
    'People held, failed, rejected, skipped (most in a run)',
    loadTextContent('../queries/workbook/not-applied.kql'),
    'linechart',
    '100'
  )
  chart(
    'hold-rules',
    'Rules that hold',
    withRunbook(loadTextContent('../queries/workbook/hold-rules.kql'), runbookUrl),
    'table',
    '50'
  )
  chart(
    'failure-reasons',
    'Top reasons of failures',
    withRunbook(loadTextContent('../queries/workbook/failure-reasons.kql'), runbookUrl),
    'table',
    '50'
  )
]

var neighbours = [
  heading('neighbours', '## How the neighbours behave')
  chart(
    'neighbour-latency',
    'Milliseconds a call takes',
    loadTextContent('../queries/workbook/neighbour-latency.kql'),
    'linechart',
    '50'
  )
  chart(
    'neighbour-health',
    'Calls, throttling and latency',
    loadTextContent('../queries/workbook/neighbour-health.kql'),
    'table',
    '50'
  )
  chart(
    'neighbour-waits',
    'Waits by neighbour and hour',
    loadTextContent('../queries/workbook/neighbour-waits.kql'),
    'linechart',
    '50'
  )
  chart(
    'neighbour-failures',
    'Failures by neighbour',
    loadTextContent('../queries/workbook/neighbour-failures.kql'),
    'table',
    '50'
  )
  chart(
    'batch-seconds',
    'Seconds a message takes',
    loadTextContent('../queries/workbook/batch-seconds.kql'),
    'linechart',
    '50'
  )
  chart(
    'people-per-second',
    'People per second and lane',
    loadTextContent('../queries/workbook/people-per-second.kql'),
    'linechart',
    '50'
  )
]

var cost = [
  heading('cost', '## What it costs\nPrices and how to work them out: docs/deploy.md, "What it costs".')
  chart(
    'executions',
    'Executions and GB-seconds',
    replace(loadTextContent('../queries/workbook/executions.kql'), '{memoryGb}', memoryGb),
    'table',
    '50'
  )
  chart('calls', 'Calls by day', loadTextContent('../queries/workbook/calls.kql'), 'barchart', '50')
  chart('log-volume', 'Log volume by day', loadTextContent('../queries/workbook/log-volume.kql'), 'barchart', '50')
]

// The host takes 272 MB beside what the app gets, and they are not charged.
var memoryGb = instanceMemoryMB == 512 ? '0.5' : string(instanceMemoryMB / 1024)

@description('The query with the address of the runbook in it.')
func withRunbook(query string, address string) string => replace(query, '{runbook}', address)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, componentName, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: title
    sourceId: component.id
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat([timeRange], inStep, whatChanged, whatWaits, neighbours, cost)
      fallbackResourceIds: [component.id]
    })
  }
}
