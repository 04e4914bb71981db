import type { RunRecord } from '../core/run/run-row.ts';
import type { RecordView } from './api-schemas.ts';
import { maskValue } from './value-masks.ts';

/** A record as the API shows it: the values of people are masked unless they are asked for. Lists and departments are no personal data. */
export function viewRecord(record: RunRecord, options: { readonly reveal: boolean }): RecordView {
  const show = options.reveal ? (_field: string, value: string) => value : maskValue;
  return {
    personId: record.personId,
    department: record.department,
    operation: record.operation,
    outcome: record.outcome,
    ...(record.reason !== undefined && { reason: record.reason }),
    words: record.words,
    fields: record.fields.map(({ field, before, after, to, leftAlone }) => ({
      field,
      ...(before !== undefined && { before: show(field, before) }),
      after: show(field, after),
      ...(to !== undefined && { to }),
      ...(leftAlone !== undefined && { leftAlone }),
    })),
    lists: { add: [...record.lists.add], remove: [...record.lists.remove] },
    ...(record.contactIds !== undefined && { contactIds: [...record.contactIds] }),
    ...(record.likely !== undefined && { likely: [...record.likely] }),
    ...(record.adoption !== undefined && { adoption: record.adoption }),
    ...(record.impact !== undefined && { impact: record.impact }),
  };
}
