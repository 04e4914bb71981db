import { seededRandom } from '../../local/simulator/random.ts';
import { readConsents } from '../../src/core/run/consent-ledger.ts';
import type { Story } from '../support/story.ts';
import { expectInvariants, tellStory } from '../support/story-checks.ts';
import { aUser, mobile, userId } from '../support/story-people.ts';

const PEOPLE = 6;
// Fewer numbers than people: they pass them on and swap them.
const NUMBERS = 4;
const RUNS = 8;

type Dice = (sides: number) => number;
type Channel = Readonly<Record<'type' | 'channelId' | 'subscriptionState', string | undefined>>;

function happen({ graph, messageMedia: { account } }: Story, dice: Dice): void {
  const id = userId(1 + dice(PEOPLE));
  const number = mobile(1 + dice(NUMBERS));
  const events: readonly (() => void)[] = [
    () => account.optOut(number),
    () => account.optOut(number, 'WHATSAPP'),
    () => account.optIn(number),
    () => account.blockNumber(number),
    () => account.unblockNumber(number),
    () => account.seedContact({ firstName: 'By hand', number }),
    () => account.contactsWith(number).forEach((contact) => account.deleteContact(contact.id)),
    () => graph.admin.updateUser(id, { mobilePhone: dice(5) === 0 ? null : number }),
    () => graph.admin.updateUser(id, { mobilePhone: number, accountEnabled: dice(4) > 0 }),
    () => graph.admin.updateUser(id, { department: ['Sales', 'Support', 'Finance'][dice(3)] ?? null }),
  ];
  events[dice(events.length)]!();
}

/** Numbers of the ledger, of those that the story is about. */
async function ledger(story: Story): Promise<ReadonlySet<string>> {
  const engine = story.engine();
  const numbers = Array.from({ length: NUMBERS }, (_, n) => mobile(n + 1));
  const consents = await readConsents(
    engine,
    numbers.map((number) => engine.digest.pseudonym(number)),
  );
  return new Set(numbers.filter((number) => consents.has(engine.digest.pseudonym(number))));
}

/** Channels on the wire since the last look. */
function channelsSince({ messageMedia }: Story, from: number): readonly Channel[] {
  return messageMedia.requests
    .slice(from)
    .filter(({ method, path }) => method !== 'GET' && path.includes('/contacts/contacts'))
    .flatMap(({ body }) => (body === '' ? [] : ((JSON.parse(body) as { channels?: Channel[] }).channels ?? [])));
}

describe('any sequence of opt-outs, moves and runs', () => {
  const seeds = Array.from({ length: 12 }, (_, n) => n + 1);
  const rules = { isEdited: true, restless: true, mayFail: true } as const;

  it.each(seeds)(
    'never writes a number of the ledger but as unsubscribed, and never lets one out of it (seed %i)',
    (seed) =>
      tellStory(
        {
          ...rules,
          users: Array.from({ length: PEOPLE }, (_, n) => aUser(n + 1, { mobilePhone: mobile(1 + (n % NUMBERS)) })),
          sync: {
            optedOut: seed % 3 === 0 ? 'skip' : 'unsubscribed',
            mapping: {
              displayName: 'contact_name',
              mobilePhone: 'phone_number',
              'businessPhones[0]': 'whatsapp_number',
              department: 'group',
            },
            leavers: { outOfScope: { action: seed % 2 === 0 ? 'unsubscribe' : 'delete' } },
          },
          account: { uniqueNumbers: seed % 4 !== 0, channelsMode: seed % 5 === 0 ? 'merge' : 'replace' },
        },
        async (story) => {
          const random = seededRandom(seed);
          const dice: Dice = (sides) => Math.floor(random() * sides);
          let known = await ledger(story);
          let written = 0;
          for (let run = 0; run < RUNS; run += 1) {
            for (let event = dice(6); event > 0; event -= 1) happen(story, dice);
            if (dice(3) === 0) await story.clock.advance(24 * 3_600_000);
            const from = story.messageMedia.requests.length;

            await story.run(dice(3) === 0 ? 'full' : 'delta');

            const channels = channelsSince(story, from);
            written += channels.length;
            expect(
              channels.filter(
                ({ channelId, subscriptionState }) => known.has(channelId!) && subscriptionState !== 'UNSUBSCRIBED',
              ),
            ).toEqual([]);
            const now = await ledger(story);
            expect([...known].filter((number) => !now.has(number))).toEqual([]);
            known = now;
            expectInvariants(story);
          }
          expect(known.size).toBeGreaterThan(0);
          expect(written).toBeGreaterThan(0);
        },
      )(),
  );
});
