import { NeighbourError, SyncError } from '../errors.ts';
import type { ContactList, CustomField } from '../people/contact.ts';
import { customFieldShape } from '../people/custom-fields.ts';
import { listKey } from '../people/list-names.ts';
import { knownFields, knownLists, storeField, storeList } from './list-rows.ts';
import { nextWave } from './waves.ts';
import type { Directive, RunWork } from './run-work.ts';
import { changeState, readState } from './state-row.ts';

/** Another account's key must not fill another account: checked whenever the key is new to us, before anything is written. */
async function verifyAccount(work: RunWork): Promise<void> {
  const { engine } = work;
  const keyHash = await engine.accountKeyHash();
  const { account } = await readState(engine);
  if (account?.keyHash === keyHash && account.id !== undefined) return;
  const { accountId } = await engine.contactBook.check(work.guard);
  // The account we filled has our fields and lists: one without anything is another one too.
  if (account?.id !== undefined && account.id !== accountId) {
    throw new SyncError(
      'state-mismatch',
      'The MessageMedia key belongs to another account than the one this sync has filled. Restore the former key, or give the sync another name to start afresh.',
    );
  }
  await changeState(engine, (state) => {
    // An account without anything has no id yet: one that is known by now stays.
    const id = accountId ?? state.account?.id;
    if (state.account?.keyHash === keyHash && state.account.id === id) return undefined;
    return { ...state, account: id === undefined ? { keyHash } : { id, keyHash } };
  });
}

/** Creates once: when the answer is lost or somebody else was faster, what stands under that name is taken. */
async function createOrFind<T>(create: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    const mayStand =
      error instanceof NeighbourError && (error.failure === 'answer-lost' || error.failure === 'conflict');
    const standing = mayStand ? await find() : undefined;
    if (standing === undefined) throw error;
    return standing;
  }
}

async function prepareLists(work: RunWork): Promise<{ ids: Record<string, string>; missing: string[] }> {
  const { engine, guard, run } = work;
  const wanted = run().needs!.lists;
  const ids = await knownLists(engine);
  const missing: string[] = [];
  const unknown = wanted.filter(({ key }) => ids[key] === undefined);
  if (unknown.length === 0) return { ids, missing };

  const findAll = async (): Promise<Map<string, ContactList>> =>
    new Map((await engine.contactBook.listLists(guard)).map((list) => [listKey(list.name), list]));
  const standing = await findAll();
  for (const { key, name } of unknown) {
    const found = standing.get(key);
    if (found === undefined && !engine.config.lists.create) {
      missing.push(key);
      continue;
    }
    const list =
      found ??
      (await createOrFind(
        () => engine.contactBook.createList(name, guard),
        async () => (await findAll()).get(key),
      ));
    const stored = await storeList(engine, { key, id: list.id, name: list.name, created: found === undefined });
    engine.log.event(found === undefined ? 'list.created' : 'list.found', {
      runId: run().runId,
      listId: list.id,
    });
    ids[key] = stored.id;
  }
  return { ids, missing };
}

async function prepareFields(work: RunWork): Promise<Record<string, string>> {
  const { engine, guard, run } = work;
  const ids = await knownFields(engine);
  const unknown = run().needs!.fields.filter((mergeTag) => ids[mergeTag] === undefined);
  if (unknown.length === 0) return ids;

  const findAll = async (): Promise<Map<string, CustomField>> =>
    new Map((await engine.contactBook.listFields(guard)).map((field) => [field.mergeTag, field]));
  const standing = await findAll();
  for (const mergeTag of unknown) {
    const shape = customFieldShape(mergeTag, run().config);
    const field =
      standing.get(mergeTag) ??
      (await createOrFind(
        () => engine.contactBook.createField({ ...shape, mergeTag }, guard),
        async () => (await findAll()).get(mergeTag),
      ));
    const stored = await storeField(engine, { mergeTag, id: field.id, type: field.type, maxLength: field.maxLength });
    ids[mergeTag] = stored.id;
  }
  return ids;
}

/** Finds or creates the lists and custom fields that the plan needs, alone, so that no two workers make the same one. */
export async function prepareRun(work: RunWork): Promise<Directive> {
  const { run } = work;
  const first = nextWave(run(), 0);
  if (first === undefined) {
    await work.update({ phase: 'close' });
    return 'again';
  }
  await verifyAccount(work);
  const { attributes = [] } = run().needs!;
  // Told before anything is written: a missing permission would leave everybody half done.
  if (attributes.length > 0) await work.engine.directory.checkWriting(attributes);
  const { ids, missing } = await prepareLists(work);
  const fields = await prepareFields(work);
  await work.update({
    phase: 'apply',
    wave: first,
    resolved: { lists: ids, fields, missingLists: missing },
  });
  return 'open';
}
