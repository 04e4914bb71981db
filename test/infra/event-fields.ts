import { InvocationContext } from '@azure/functions';
import { createEventLog } from '../../src/functions/event-log.ts';
import { RunView } from '../../src/functions/api-schemas.ts';
import { codesIn, readText, rowsByCode } from '../docs/markdown.ts';

const ALWAYS = ['event', 'level'];
const OF_EVENTS = ['runId'];
const OF_ALERTS = ['change', 'ageMs'];

/** The fields that an event has, by its name: as docs/operations.md tells them, which tests hold against the code. */
export function eventFields(): ReadonlyMap<string, readonly string[]> {
  const operations = readText('docs/operations.md');
  const counts = Object.keys(RunView.shape.counts.shape);
  const events = [...rowsByCode(operations, 'Events')].map(([event, cells]) => {
    const told = cells[3] ?? '';
    return [
      event,
      [...ALWAYS, ...OF_EVENTS, ...codesIn(told), ...(told.includes('all counts') ? counts : [])],
    ] as const;
  });
  const alerts = [...rowsByCode(operations, 'Alerts')].map(
    ([alert, cells]) => [alert, [...ALWAYS, ...OF_ALERTS, ...codesIn(cells[2])]] as const,
  );
  return new Map([...events, ...alerts]);
}

/** Whether the log lets the field through, or leaves it out for not being on its allow-list. */
export function isLogged(field: string): boolean {
  const lines: string[] = [];
  const context = new InvocationContext({
    functionName: 'test',
    logHandler: (_level, line) => lines.push(String(line)),
  });
  createEventLog(context).event('info', 'run-ended', { [field]: 1 });
  return field in (JSON.parse(lines[0]!) as object);
}
