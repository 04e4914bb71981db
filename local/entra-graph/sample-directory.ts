import { createHash } from 'node:crypto';
import { seededRandom } from '../simulator/random.ts';
import type { Random } from '../simulator/random.ts';
import { GIVEN_NAMES, JOB_TITLES, SAMPLE_CAST, SURNAMES } from './sample-cast.ts';
import type { CastMember } from './sample-cast.ts';

/** A user as the sample directory writes one; absent = never set. */
export interface SampleUser {
  readonly [attribute: string]: unknown;
  readonly id: string;
  readonly displayName: string;
  readonly givenName?: string;
  readonly surname?: string;
  readonly userPrincipalName: string;
  readonly mail?: string;
  readonly mobilePhone?: string;
  readonly businessPhones: readonly string[];
  readonly department?: string;
  readonly companyName: string;
  readonly jobTitle: string;
  readonly accountEnabled: boolean;
  readonly userType: 'Member' | 'Guest';
  readonly usageLocation: string;
  readonly country: string;
  readonly city: string;
  readonly officeLocation: string;
  readonly employeeId: string;
  readonly createdDateTime: string;
}

export interface SampleDirectoryOptions {
  readonly size: number;
  readonly departments?: readonly string[];
  readonly seed?: number;
}

const DEPARTMENTS = ['Sales', 'Support', 'Engineering', 'Finance', 'Operations'] as const;
const PLACES = {
  AU: { country: 'Australia', city: 'Melbourne' },
  GB: { country: 'United Kingdom', city: 'Leeds' },
  US: { country: 'United States', city: 'Washington' },
} as const;

// Numbers for the many: the block 0450 xxx xxx counted up, in the forms people write.
const MOBILE_FORMS: readonly ((subscriber: string) => string)[] = [
  (digits) => `+61${digits}`,
  (digits) => `0${digits}`,
  (digits) => `+61 ${groups(digits)}`,
  (digits) => `0${groups(digits)}`,
  (digits) => `0${groups(digits).replaceAll(' ', '.')}`,
  (digits) => `0${groups(digits).replaceAll(' ', '-')}`,
  (digits) => ` +61 (0)${groups(digits)} `,
];
const FIRST_SUBSCRIBER = 450_000_000;

/**
 * Invented people, the same for the same options: first the cast with its oddities, then as many as `size` asks for,
 * spread over the departments, some of them guests, disabled, or without a usable mobile number.
 */
export function sampleDirectory(options: SampleDirectoryOptions): SampleUser[] {
  const { size, seed = 1 } = options;
  const departments = options.departments ?? DEPARTMENTS;
  const random = seededRandom(seed);
  return Array.from({ length: size }, (_, index) => {
    const member = SAMPLE_CAST[index] ?? oneOfMany(index, random);
    return toUser(member, index, departmentOf(member, index, departments, random), seed, random);
  });
}

function oneOfMany(index: number, random: Random): CastMember {
  const person = { givenName: pick(GIVEN_NAMES, random), surname: pick(SURNAMES, random) };
  const mobilePhone = writtenMobile(index, random);
  const lot = random();
  if (lot < 0.03) return { ...person, mobilePhone, guest: true, companyName: 'Fabrikam' };
  if (lot < 0.07) return { ...person, mobilePhone, disabled: true };
  if (lot < 0.12) return person;
  if (lot < 0.14) return { ...person, landline: `(02) 5550 ${String(index % 10_000).padStart(4, '0')}` };
  if (lot < 0.145) return { ...person, mobilePhone: `0${index % 1000}` };
  // The colleague before has the same phone, if they have one of their own.
  if (lot < 0.15) return { ...person, mobilePhone: writtenMobile(index - 1, random) };
  return { ...person, mobilePhone };
}

function toUser(
  member: CastMember,
  index: number,
  department: string | undefined,
  seed: number,
  random: Random,
): SampleUser {
  const name = [member.givenName, member.surname].filter((part) => part !== undefined).join(' ');
  const region = member.country ?? 'AU';
  const address = mailAddress(name, index);
  return {
    id: uuid(`${seed} ${index}`),
    displayName: member.displayName ?? name,
    ...(member.givenName === undefined ? {} : { givenName: member.givenName }),
    ...(member.surname === undefined ? {} : { surname: member.surname }),
    userPrincipalName: address,
    ...(member.withoutMail === true ? {} : { mail: address }),
    ...(member.mobilePhone === undefined ? {} : { mobilePhone: member.mobilePhone }),
    businessPhones: member.landline === undefined ? [] : [member.landline],
    ...(department === undefined ? {} : { department }),
    companyName: member.companyName ?? 'Contoso',
    jobTitle: member.jobTitle ?? pick(JOB_TITLES, random),
    accountEnabled: member.disabled !== true,
    userType: member.guest === true ? 'Guest' : 'Member',
    usageLocation: region,
    ...PLACES[region],
    officeLocation: `Level ${1 + (index % 9)}`,
    employeeId: `E${String(index + 1).padStart(6, '0')}`,
    createdDateTime: new Date(Date.UTC(2019, 0, 1) + index * 3_600_000).toISOString().replace('.000', ''),
  };
}

// The cast goes round the departments, so that each has somebody however small the directory is.
function departmentOf(
  member: CastMember,
  index: number,
  departments: readonly string[],
  random: Random,
): string | undefined {
  if (member.withoutDepartment === true) return undefined;
  const cast = index < SAMPLE_CAST.length;
  const department = cast ? departments[index % departments.length] : pick(departments, random);
  return member.carelessDepartment === true ? `${department?.toLowerCase()} ` : department;
}

function mailAddress(name: string, index: number): string {
  const plain = name.normalize('NFD').toLowerCase();
  const words = plain.match(/[a-z]+/g) ?? [];
  // Only names that survive in ASCII: half a name would look like somebody else's.
  const readable = /^[a-z' \p{M}-]+$/u.test(plain) && words.length > 0;
  return `${readable ? plain.replaceAll(/[^a-z ]/g, '').replaceAll(' ', '.') : 'person'}.${index + 1}@example.com`;
}

function writtenMobile(index: number, random: Random): string {
  return pick(MOBILE_FORMS, random)(String(FIRST_SUBSCRIBER + index));
}

function groups(subscriber: string): string {
  return `${subscriber.slice(0, 3)} ${subscriber.slice(3, 6)} ${subscriber.slice(6)}`;
}

function uuid(about: string): string {
  const hex = createHash('sha256').update(about).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T;
}
