import { availableParallelism, cpus } from 'node:os';
import type { Measurement } from './measure-case.ts';

const COLUMNS: readonly (readonly [title: string, text: (measurement: Measurement) => string])[] = [
  ['people', ({ size }) => size.toLocaleString('en')],
  ['latency', ({ latencyMs }) => `${latencyMs} ms`],
  ['run', ({ run }) => run],
  ['Graph calls', ({ graph }) => graph.toLocaleString('en')],
  ['MessageMedia calls', ({ messageMedia }) => messageMedia.toLocaleString('en')],
  ['seconds', ({ seconds }) => seconds.toFixed(1)],
  ['lower bound, s', (measurement) => lowerBoundSeconds(measurement).toFixed(1)],
  ['people/s', (measurement) => peoplePerSecond(measurement)],
  ['CPU, s', ({ cpuSeconds }) => cpuSeconds.toFixed(1)],
  ['CPU ms per contact written', (measurement) => cpuPerContact(measurement)],
  ['peak memory, MiB', ({ peakMebibytes }) => String(Math.round(peakMebibytes))],
  ['simulators’ CPU, s', ({ simulatorCpuSeconds }) => simulatorCpuSeconds.toFixed(1)],
];

/** calls × latency ÷ (lanes × concurrency): what the calls to MessageMedia take at the least. */
function lowerBoundSeconds({ messageMedia, latencyMs, lanes, concurrency }: Measurement): number {
  return (messageMedia * latencyMs) / (lanes * concurrency) / 1000;
}

/** The measurements as a Markdown table, for docs/performance.md, under a line that says where and when. */
export function markdownReport(measurements: readonly Measurement[], date: Date): string {
  const titles = COLUMNS.map(([title]) => title);
  const rule = COLUMNS.map((_, index) => (index === 2 ? '---' : '---:'));
  const rows = measurements.map((measurement) => COLUMNS.map(([, text]) => text(measurement)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [describeMachine(measurements[0], date), '', ...[titles, rule, ...rows].map(line)].join('\n');
}

/** One measurement on one line, while the others are still to come. */
export function describeMeasurement(measurement: Measurement): string {
  const { run, seconds, messageMedia, graph } = measurement;
  return `${run}: ${seconds.toFixed(1)} s, calls: Graph ${graph}, MessageMedia ${messageMedia}`;
}

function describeMachine(measurement: Measurement | undefined, date: Date): string {
  const day = date.toISOString().slice(0, 10);
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor';
  const { lanes = 0, concurrency = 0, departments = 0 } = measurement ?? {};
  return (
    `${day}, ${availableParallelism()} cores (${model}), Node ${process.versions.node}; ${departments} departments, ` +
    `${lanes} lanes × ${concurrency} calls. App, simulators and Azurite share the cores.`
  );
}

/** Of runs that look at everybody: an unchanged delta looks at nobody. */
function peoplePerSecond({ run, size, seconds }: Measurement): string {
  return run === 'delta, unchanged' ? '–' : Math.round(size / seconds).toLocaleString('en');
}

function cpuPerContact({ cpuSeconds, contactWrites }: Measurement): string {
  return contactWrites === 0 ? '–' : ((cpuSeconds * 1000) / contactWrites).toFixed(2);
}
