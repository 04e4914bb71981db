import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface QueueOptions {
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  /** How long a message that failed stays invisible. */
  readonly visibilityTimeoutMs: number;
  readonly maxPollingIntervalMs: number;
  readonly messageEncoding: 'base64' | 'none';
}

export interface HostJson {
  readonly routePrefix: string;
  readonly queues: QueueOptions;
}

interface HostFile {
  readonly extensions?: {
    readonly http?: { readonly routePrefix?: string };
    readonly queues?: {
      readonly batchSize?: number;
      readonly newBatchThreshold?: number;
      readonly maxDequeueCount?: number;
      readonly visibilityTimeout?: string;
      readonly maxPollingInterval?: string;
      readonly messageEncoding?: string;
    };
  };
}

/** Reads what this host honours of host.json, with the real host's defaults and limits (batchSize 1..32, polling ≥ 100 ms). */
export function readHostJson(appFolder: string): HostJson {
  const { extensions } = JSON.parse(readFileSync(join(appFolder, 'host.json'), 'utf8')) as HostFile;
  const queues = extensions?.queues ?? {};
  const batchSize = inRange('batchSize', queues.batchSize ?? 16, 1, 32);
  return {
    routePrefix: (extensions?.http?.routePrefix ?? 'api').replaceAll(/^\/+|\/+$/g, ''),
    queues: {
      batchSize,
      newBatchThreshold: inRange('newBatchThreshold', queues.newBatchThreshold ?? Math.floor(batchSize / 2), 0, 1000),
      maxDequeueCount: inRange('maxDequeueCount', queues.maxDequeueCount ?? 5, 1, 1000),
      visibilityTimeoutMs: timeSpanMs(queues.visibilityTimeout ?? '00:00:00'),
      // The real host waits up to a minute in Azure and up to two seconds on a laptop.
      maxPollingIntervalMs: Math.max(100, timeSpanMs(queues.maxPollingInterval ?? '00:00:02')),
      messageEncoding: queues.messageEncoding === 'none' ? 'none' : 'base64',
    },
  };
}

/** `[d.]hh:mm:ss[.fff]` in milliseconds. A bare number means days to .NET, which nobody intends: refused here. */
export function timeSpanMs(text: string): number {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?$/.exec(text);
  if (match === null) throw new Error(`host.json: "${text}" is not a time span; expected hh:mm:ss.`);
  const [days, hours, minutes, seconds] = match.slice(1, 5).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + Number((match[5] ?? '').padEnd(3, '0'));
}

function inRange(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`host.json: ${name} is ${value}; expected a whole number from ${min} to ${max}.`);
}
