import { SyncError } from '../errors.ts';
import { mapPhone } from '../people/map-phone.ts';
import { MEMBERSHIP_UNKNOWN } from '../people/filter.ts';
import { markerOf } from '../people/matching.ts';
import { parsePhone } from '../people/phone.ts';
import { foldText } from '../people/text.ts';
import { readClaimStandings } from './claim-standing.ts';
import type { Engine } from './engine.ts';
import { explainPerson, personNotFound } from './explain-person.ts';
import type { PersonExplanation } from './explain-person.ts';
import { countingScope, idsByUpn } from './find-people.ts';
import { scanPeople } from './person-rows.ts';

/** By what somebody is looked up. */
export type Lookup = { readonly upn: string } | { readonly number: string };

/**
 * Explains whoever has a user principal name, or a number: by our claims, else by the marker of the contact that has
 * it, else whoever would get it. Throws `person-not-found`, and `request-invalid` for what is no number.
 */
export async function lookUpPerson(engine: Engine, lookup: Lookup): Promise<PersonExplanation> {
  const personId = 'upn' in lookup ? await idOfUpn(engine, lookup.upn) : await idOfNumber(engine, lookup.number);
  return explainPerson(engine, personId);
}

async function idOfUpn(engine: Engine, upn: string): Promise<string> {
  const personId = (await idsByUpn(engine, [upn], countingScope())).get(foldText(upn));
  if (personId === undefined) throw personNotFound();
  return personId;
}

async function idOfNumber(engine: Engine, text: string): Promise<string> {
  const number = numberIn(engine, text);
  const phoneKey = engine.digest.pseudonym(number);
  const claim = (await readClaimStandings(engine, [phoneKey])).get(phoneKey);
  if (claim !== undefined) return claim.personId;
  const contacts = await engine.contactBook.findByNumbers([number], countingScope());
  const marker = contacts.map(markerOf).find((id) => id !== undefined);
  const personId = marker ?? (await wouldHave(engine, number));
  if (personId === undefined) throw personNotFound(contacts.map(({ id }) => id));
  return personId;
}

/** A number as a directory would write it, of whatever type. Never said back. */
function numberIn({ config }: Engine, text: string): string {
  const parsed = parsePhone(text, {}, { ...config.phone, accept: 'possible' });
  if (parsed.ok) return parsed.e164;
  const message = 'must be a phone number with its country code, such as +61… or 0061…';
  throw new SyncError('request-invalid', '1 part(s) of the request are not valid.', {
    problems: [{ path: 'number', message }],
  });
}

/** Whoever the number would be mapped for, in scope or not: the smallest id of them. */
async function wouldHave(engine: Engine, number: string): Promise<string | undefined> {
  const { config, digest, clock } = engine;
  const context = { now: clock.now(), isMember: MEMBERSHIP_UNKNOWN, digest };
  for (const [id, { person }] of await scanPeople(engine)) {
    const phone = mapPhone(config, { person, config, context });
    if (phone.ok && phone.e164 === number) return id;
  }
  return undefined;
}
