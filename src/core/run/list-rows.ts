import type { CustomFieldType } from '../people/contact.ts';
import { RowConflict } from '../ports.ts';
import type { Engine } from './engine.ts';

/** A list of ours: its identity is the normalised name, its id is what MessageMedia calls it. */
export interface ListRow {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  /** False for a list that people made by hand and we use. */
  readonly created: boolean;
}
export interface FieldRow {
  readonly mergeTag: string;
  readonly id: string;
  readonly type: CustomFieldType;
  readonly maxLength: number;
}

function listRowKey(engine: Engine, key: string): string {
  return `list:${engine.digest.pseudonym(key)}`;
}

async function scanRows<T>(engine: Engine, prefix: string): Promise<readonly T[]> {
  const rows: T[] = [];
  for await (const page of engine.tables.state.scan(engine.config.name, prefix)) {
    rows.push(...page.map((row) => row.body as T));
  }
  return rows;
}

/** Ids of the lists we know, by key. */
export async function knownLists(engine: Engine): Promise<Record<string, string>> {
  return Object.fromEntries((await scanRows<ListRow>(engine, 'list:')).map(({ key, id }) => [key, id]));
}

/** Ids of the custom fields we know, by merge tag. */
export async function knownFields(engine: Engine): Promise<Record<string, string>> {
  return Object.fromEntries((await scanRows<FieldRow>(engine, 'field:')).map(({ mergeTag, id }) => [mergeTag, id]));
}

/** Notes a list unless it has been noted meanwhile; answers the one that stands. */
export async function storeList(engine: Engine, list: ListRow): Promise<ListRow> {
  return insertRow(engine, { key: listRowKey(engine, list.key), body: list });
}

async function insertRow<T>(engine: Engine, row: { readonly key: string; readonly body: T }): Promise<T> {
  const { tables, config } = engine;
  try {
    await tables.state.write(config.name, [{ kind: 'insert', row }]);
    return row.body;
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
    const standing = await tables.state.get(config.name, row.key);
    return standing === undefined ? row.body : (standing.body as T);
  }
}

/** Notes a custom field unless it has been noted meanwhile; answers the one that stands. */
export async function storeField(engine: Engine, field: FieldRow): Promise<FieldRow> {
  return insertRow(engine, { key: `field:${field.mergeTag}`, body: field });
}

/** The custom field is gone from MessageMedia: the next prepare makes it anew. */
export async function forgetField(engine: Engine, mergeTag: string): Promise<void> {
  await engine.tables.state.write(engine.config.name, [{ kind: 'delete', key: `field:${mergeTag}` }]);
}

/** The list is gone from MessageMedia: the next prepare makes it anew. */
export async function forgetList(engine: Engine, key: string): Promise<void> {
  await engine.tables.state.write(engine.config.name, [{ kind: 'delete', key: listRowKey(engine, key) }]);
}
