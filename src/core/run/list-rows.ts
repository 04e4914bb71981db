import type { CustomFieldType } from '../people/contact.ts';
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

export async function storeList(engine: Engine, list: ListRow): Promise<void> {
  const row = { key: listRowKey(engine, list.key), body: list };
  await engine.tables.state.write(engine.config.name, [{ kind: 'put', row }]);
}

export async function storeField(engine: Engine, field: FieldRow): Promise<void> {
  await engine.tables.state.write(engine.config.name, [
    { kind: 'put', row: { key: `field:${field.mergeTag}`, body: field } },
  ]);
}

/** The custom field is gone from MessageMedia: the next prepare makes it anew. */
export async function forgetField(engine: Engine, mergeTag: string): Promise<void> {
  await engine.tables.state.write(engine.config.name, [{ kind: 'delete', key: `field:${mergeTag}` }]);
}

/** The list is gone from MessageMedia: the next prepare makes it anew. */
export async function forgetList(engine: Engine, key: string): Promise<void> {
  await engine.tables.state.write(engine.config.name, [{ kind: 'delete', key: listRowKey(engine, key) }]);
}
