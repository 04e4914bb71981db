import { RowConflict } from '../ports.ts';
import type { RowChange, StoredRow, Table, Tables } from '../ports.ts';

/** What was written on paper in one partition; undefined: deleted there. */
type Sheet = Map<string, StoredRow | undefined>;

/**
 * Our tables as somebody sees them who only tries something out: they read what is stored, and what they write stays
 * on paper. The real phases of a run work on them without leaving a trace.
 */
export function onPaper({ state, runs, parts, people, consent }: Tables): Tables {
  return {
    state: paperTable(state),
    runs: paperTable(runs),
    parts: paperTable(parts),
    people: paperTable(people),
    consent: paperTable(consent),
  };
}

function paperTable(table: Table): Table {
  const sheets = new Map<string, Sheet>();
  let written = 0;

  function sheetOf(partition: string): Sheet {
    const sheet: Sheet = sheets.get(partition) ?? new Map();
    sheets.set(partition, sheet);
    return sheet;
  }

  async function getMany(partition: string, keys: readonly string[]): Promise<Map<string, StoredRow>> {
    const sheet = sheetOf(partition);
    const found = await table.getMany(
      partition,
      keys.filter((key) => !sheet.has(key)),
    );
    for (const key of keys) {
      const row = sheet.get(key);
      if (row !== undefined) found.set(key, row);
    }
    return found;
  }

  return {
    getMany,
    get: async (partition, key) => (await getMany(partition, [key])).get(key),
    async *scan(partition, prefix, options = {}) {
      const sheet = sheetOf(partition);
      const own = [...sheet].filter(([key]) => key.startsWith(prefix));
      if (own.length === 0) {
        yield* table.scan(partition, prefix, options);
        return;
      }
      const rows: StoredRow[] = own.flatMap(([, row]) => row ?? []).filter(({ key }) => key > (options.after ?? ''));
      for await (const page of table.scan(partition, prefix, options)) {
        rows.push(...page.filter(({ key }) => !sheet.has(key)));
      }
      yield rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
    async write(partition, changes) {
      const standing = await getMany(partition, changes.map(keyOf));
      const refused = changes.find((change) => isRefused(change, standing.get(keyOf(change))));
      if (refused !== undefined) throw new RowConflict(keyOf(refused));
      const sheet = sheetOf(partition);
      return changes.map((change) => {
        written += 1;
        const etag = change.kind === 'delete' ? '' : `paper-${written}`;
        sheet.set(keyOf(change), change.kind === 'delete' ? undefined : storedRow(change, etag));
        return etag;
      });
    },
  };
}

function keyOf(change: RowChange): string {
  return change.kind === 'delete' ? change.key : change.row.key;
}

function isRefused(change: RowChange, standing: StoredRow | undefined): boolean {
  if (change.kind === 'insert') return standing !== undefined;
  if (change.kind === 'put' || (change.kind === 'delete' && change.etag === undefined)) return false;
  return standing?.etag !== change.etag && (change.kind === 'replace' || standing !== undefined);
}

function storedRow({ row }: Exclude<RowChange, { kind: 'delete' }>, etag: string): StoredRow {
  return { key: row.key, etag, facets: row.facets ?? {}, body: row.body };
}
