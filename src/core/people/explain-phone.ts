import type { SyncConfig } from '../config/sync-config.ts';
import { regionSource, type RegionSource } from './country.ts';
import { mapPhone, type MappedPhone } from './map-phone.ts';
import type { Person } from './person.ts';
import { parsePhone, type PhoneProblem, type PhoneType } from './phone.ts';
import type { MappingContext, MappingStep, MappingSubject } from './rule-value.ts';

/** One text that was tried as the person's number. */
export interface NumberExplanation {
  readonly input: string;
  readonly e164?: string;
  /** The country of the number itself. */
  readonly country?: string;
  readonly type?: PhoneType;
  readonly reason?: PhoneProblem;
}

export interface PhoneExplanation {
  /** The country in which a number without a country code is read, and what says so; absent when nothing does. */
  readonly region?: RegionSource;
  readonly tried: readonly NumberExplanation[];
  readonly steps: readonly MappingStep[];
  readonly e164?: string;
  readonly reason?: Extract<MappedPhone, { ok: false }>['reason'];
}

/** How a person's number was found, or why there is none: every text that was tried, and in which country it was read. */
export function explainPhone(person: Person, config: SyncConfig, context: MappingContext): PhoneExplanation {
  const steps: MappingStep[] = [];
  const subject: MappingSubject = { person, config, context, note: (step) => steps.push(step) };
  const phone = mapPhone(config, subject);
  const region = regionSource(person.attributes, config.phone.defaultCountry);
  const tried = steps.filter(({ what }) => what === 'field phone_number').map(({ input }) => String(input));
  return {
    ...(region === undefined ? {} : { region }),
    tried: tried.map((input) => numberExplanation(input, person, config)),
    steps,
    ...(phone.ok ? { e164: phone.e164 } : { reason: phone.reason }),
  };
}

function numberExplanation(input: string, { attributes }: Person, { phone }: SyncConfig): NumberExplanation {
  const parsed = parsePhone(input, attributes, phone);
  if (!parsed.ok) return { input, reason: parsed.reason };
  const { e164, type, region } = parsed;
  return { input, e164, type, ...(region === undefined ? {} : { country: region }) };
}
