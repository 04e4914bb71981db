import type { MessageMedia } from '../../local/messagemedia/server.ts';
import type { Link } from '../../src/core/plan/link.ts';
import type { RowWrite, StorageCall } from './storage-call.ts';
import type { Moment } from './storage-proxy.ts';
import { SMALL_TEAMS } from './eventful-day.ts';
import type { EventfulDay } from './eventful-day.ts';

/** A moment of a run at which its process can be killed, by the call to storage that shows it. */
export interface KillPoint {
  readonly name: string;
  /** `before`: the call is never made. `after`: storage has done it, the process has not heard. */
  readonly moment: Moment;
  readonly isHere: (call: StorageCall, day: EventfulDay) => boolean;
  /** What makes the run come to this point; undone at the kill. */
  readonly trouble?: (messageMedia: MessageMedia) => void;
  /** What the dead process left behind, where it can be seen. */
  readonly leaves?: (messageMedia: MessageMedia, day: EventfulDay) => void;
}

type IsHere = KillPoint['isHere'];

function writes(table: string, key: string, fits: (write: RowWrite) => boolean = () => true): IsHere {
  return (call) => call.writes.some((write) => write.table === table && write.key.startsWith(key) && fits(write));
}

function writesPerson(who: (day: EventfulDay) => string, fits?: (write: RowWrite) => boolean): IsHere {
  return (call, day) => writes('syncpeople', `person:${who(day)}`, fits)(call, day);
}

function inserts(table: string, key: string): IsHere {
  return writes(table, key, ({ kind }) => kind === 'insert');
}

const isLaneWaiting = ({ body }: RowWrite): boolean =>
  (body as { readonly notBefore?: number }).notBefore !== undefined;
const hasNoLease = ({ body }: RowWrite): boolean => (body as { readonly lease?: unknown }).lease === undefined;
const hasEnded = ({ facets }: RowWrite): boolean => facets['phase'] === 'ended';
const linkOf = ({ body }: RowWrite): Link | undefined => (body as { readonly link?: Link } | undefined)?.link;

const hasLeft = (write: RowWrite): boolean => linkOf(write)?.left !== undefined;

/** Batch rows go in one by one or by the dozen, never all of them in one write: the small teams alone are too many. */
function writesSomeBatches({ writes: rows }: StorageCall): boolean {
  return rows.length < SMALL_TEAMS && rows.some(({ table, key }) => table === 'syncparts' && key.startsWith('batch-'));
}

/** The moments of one run in their order. */
export const KILL_POINTS: readonly KillPoint[] = [
  { name: 'after the lease, before the run row', moment: 'before', isHere: inserts('syncruns', 'r') },
  {
    name: 'after the run row, before its message',
    moment: 'before',
    isHere: ({ queue, kind }) => kind === 'send' && queue === 'sync-runs',
  },
  { name: 'after a page row', moment: 'after', isHere: inserts('syncparts', 'page-') },
  { name: 'while sweeping', moment: 'after', isHere: inserts('syncparts', 'read-') },
  { name: 'between batch rows', moment: 'after', isHere: writesSomeBatches },
  { name: 'before a plan row', moment: 'before', isHere: inserts('syncparts', 'plan-') },
  { name: 'after a plan row', moment: 'after', isHere: inserts('syncparts', 'plan-') },
  { name: 'after a verdict row', moment: 'after', isHere: inserts('syncparts', 'verdict-') },
  {
    name: 'after a list was created, before it is noted',
    moment: 'before',
    isHere: inserts('syncstate', 'list:'),
    leaves: ({ account }, { newDepartment }) => expect(account.listNamed(newDepartment)).toBeDefined(),
  },
  {
    name: 'between the lane rows of a wave',
    moment: 'after',
    isHere: inserts('syncparts', 'lane-2-0'),
  },
  {
    name: 'after a leaver was taken off the lists, before the link says so',
    moment: 'before',
    isHere: writesPerson(({ leaver }) => leaver, hasLeft),
  },
  {
    name: 'after the claim on a number, before the contact is created',
    moment: 'after',
    isHere: inserts('syncpeople', 'phone:'),
    leaves: ({ account }, { joinersNumber }) => expect(account.contactsWith(joinersNumber)).toEqual([]),
  },
  {
    name: 'after the contact was created, before the link',
    moment: 'before',
    isHere: writesPerson(({ joiner }) => joiner),
    leaves: ({ account }, { joinersNumber }) => expect(account.contactsWith(joinersNumber)).toHaveLength(1),
  },
  { name: 'after the membership call, before the link', moment: 'before', isHere: writesPerson(({ mover }) => mover) },
  {
    name: 'after a link whose membership call has to wait',
    moment: 'before',
    isHere: writes('syncparts', 'lane-', isLaneWaiting),
    trouble: ({ faults }) =>
      void faults.add({ match: { body: /"contactsToAddIds":\["/ }, do: { status: 429, retryAfter: 60 } }),
  },
  { name: 'after the links, before the outcome row', moment: 'before', isHere: inserts('syncparts', 'outcome-') },
  { name: 'after an outcome row, before the lane moves on', moment: 'after', isHere: inserts('syncparts', 'outcome-') },
  { name: 'after a pending row, before the others', moment: 'after', isHere: inserts('syncpeople', 'pending:') },
  {
    name: 'after the last outcome row, before the state row',
    moment: 'before',
    isHere: writes('syncstate', 'state', hasNoLease),
  },
  { name: 'after the state row, before the run row', moment: 'before', isHere: writes('syncruns', 'r', hasEnded) },
];
