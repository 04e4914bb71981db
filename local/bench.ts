import { parseArgs } from 'node:util';
import { measureCase } from './bench/measure-case.ts';
import type { Measurement } from './bench/measure-case.ts';
import { describeMeasurement, markdownReport } from './bench/report.ts';
import { runCommand } from './stack/command.ts';
import type { OnEnd } from './stack/command.ts';

const DEPARTMENTS = 20;

async function bench(onEnd: OnEnd): Promise<number> {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: '1000,10000' },
      latency: { type: 'string', default: '0,50' },
      lanes: { type: 'string', default: '4' },
      concurrency: { type: 'string', default: '16' },
    },
  });
  const [lanes = 4] = numbers('lanes', values.lanes, 1);
  const [concurrency = 16] = numbers('concurrency', values.concurrency, 1);
  const latencies = numbers('latency', values.latency, 0);
  const measurements: Measurement[] = [];
  for (const size of numbers('size', values.size, 1)) {
    for (const latencyMs of latencies) {
      // Progress goes past the report: `npm run bench --silent > table.md` holds the table alone.
      process.stderr.write(`${size} people, ${latencyMs} ms a call\n`);
      const onMeasurement = (measurement: Measurement): void => {
        measurements.push(measurement);
        process.stderr.write(`  ${describeMeasurement(measurement)}\n`);
      };
      await measureCase({ size, latencyMs, lanes, concurrency, departments: DEPARTMENTS }, onMeasurement, onEnd);
    }
  }
  process.stdout.write(`\n${markdownReport(measurements, new Date())}\n`);
  return 0;
}

/** `1000,10000` → [1000, 10000]. */
function numbers(name: string, text: string, min: number): readonly number[] {
  return text.split(',').map((part) => {
    const number = Number(part.trim());
    if (part.trim() !== '' && Number.isInteger(number) && number >= min) return number;
    throw new Error(`--${name} "${text}": expected whole numbers from ${min}, separated by commas.`);
  });
}

await runCommand(bench);
