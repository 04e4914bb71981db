import fc from 'fast-check';
import { REASON_CODES } from '../../../src/core/errors.ts';
import { describeOperation, messagingName, REASON_WORDS } from '../../../src/core/plan/describe.ts';
import type { FinalOutcome } from '../../../src/core/plan/final-outcome.ts';
import { OPERATION_KINDS, OUTCOMES, type Operation } from '../../../src/core/plan/operation.ts';
import { aList, anOperation, someField, someLists } from '../../support/plan.ts';

describe('REASON_WORDS', () => {
  it.each(REASON_CODES)('is a sentence for %s', (code) => {
    expect(REASON_WORDS[code]).toMatch(/^[A-Z].+\.$/);
  });
});

describe('messagingName', () => {
  it.each([
    ['phone', 'phone_number'],
    ['firstName', 'first_name'],
    ['lastName', 'last_name'],
    ['dateOfBirth', 'date_of_birth'],
    ['note', 'note'],
    ['custom:email', 'email'],
    ['custom:phone', 'phone'],
    ['not-custom:phone', 'not-custom:phone'],
  ])('of %s is %s', (field, name) => {
    expect(messagingName(field)).toBe(name);
  });
});

describe('describeOperation', () => {
  const fields: Operation['fields'] = [
    { field: 'phone', before: '+61491570156', after: '+61491570157' },
    { field: 'custom:email', after: 'ada@example.com' },
  ];
  const lists = { add: [aList('Support')], remove: [aList('Sales'), aList('VIP')] };

  it.each<[string, Partial<Operation>]>([
    ['Create a contact.', { kind: 'create' }],
    ['Adopt the existing contact.', { kind: 'adopt' }],
    ['Update the contact; set phone_number, email.', { kind: 'update', fields }],
    ['Change lists; add to "Support", take off "Sales", "VIP".', { kind: 'move', lists }],
    ['Change lists; add to "Support".', { kind: 'move', lists: { ...lists, remove: [] } }],
    ['Take the leaver off; take off "Sales", "VIP".', { kind: 'remove', lists: { ...lists, add: [] } }],
    ['Take off the managed lists.', { kind: 'remove', action: 'remove-from-lists' }],
    ['Take off the managed lists and unsubscribe.', { kind: 'remove', action: 'unsubscribe' }],
    ['Delete the contact.', { kind: 'remove', action: 'delete' }],
    ['Keep as it is.', { kind: 'remove', action: 'keep' }],
    ['Restore the contact.', { kind: 'restore' }],
    ['Left out. The account was deleted.', { kind: 'skip', reason: 'not-in-scope', cause: 'deleted' }],
    ['Left out. The filters leave this person out.', { kind: 'skip', reason: 'not-in-scope', cause: 'outOfScope' }],
    ['Left out. The account is disabled.', { kind: 'skip', reason: 'disabled', cause: 'deleted' }],
    ['Take over a value from the contact.', { kind: 'pull' }],
    ['Put right what somebody changed in MessageMedia; set phone_number, email.', { fields, repair: true }],
    ['Restore the contact.', { kind: 'restore', repair: true }],
    ['Make the contact anew that somebody deleted.', { repair: true, gone: true }],
    [
      'Nothing to do. Left as somebody changed it in MessageMedia: first_name.',
      { kind: 'none', reported: [{ field: 'firstName', before: 'Eve', after: 'Ada' }] },
    ],
    ['Nothing to do.', { kind: 'none', action: 'keep' }],
    ['Left out. The account is a guest, and guests are not synchronised.', { kind: 'skip', reason: 'guest' }],
    [
      'Create a contact. note has to be at most 512 characters. alias has to be at most 64 characters.',
      {
        kind: 'create',
        invalid: [
          { field: 'note', limit: 'at most 512 characters' },
          { field: 'alias', limit: 'at most 64 characters' },
        ],
      },
    ],
  ])('says "%s"', (words, operation) => {
    expect(describeOperation(anOperation(operation), undefined)).toBe(words);
  });

  it.each<[FinalOutcome, string]>([
    [{ outcome: 'held', reason: 'held-removal' }, REASON_WORDS['held-removal']],
    [{ outcome: 'done' }, REASON_WORDS.disabled],
  ])('gives the reason of %j before the one of the plan', (final, reason) => {
    const operation = anOperation({ kind: 'remove', action: 'delete', reason: 'disabled' });

    expect(describeOperation(operation, final)).toBe(`Delete the contact. ${reason}`);
  });

  it('has words for every kind, outcome and reason, and none of the values', () => {
    const someFinal = fc.option(
      fc.record({ outcome: fc.constantFrom(...OUTCOMES), reason: fc.constantFrom(...REASON_CODES) }),
      { nil: undefined },
    );
    // Values that no word of ours holds by chance.
    const someValue = fc.stringMatching(/^[#@+][0-9]{6,12}$/);
    const someChanges = fc.array(fc.record({ field: someField, before: someValue, after: someValue }));
    fc.assert(
      fc.property(
        fc.constantFrom(...OPERATION_KINDS),
        someFinal,
        someChanges,
        fc.record({ add: someLists, remove: someLists }),
        someValue,
        (kind, final, changes, changedLists, phone) => {
          const unchanged = { note: phone };
          const operation = anOperation({ kind, fields: changes, lists: changedLists, phone, unchanged });

          const words = describeOperation(operation, final);

          expect(words).toMatch(/^[A-Z].*\.$/);
          if (final !== undefined) expect(words).toContain(REASON_WORDS[final.reason]);
          for (const value of [phone, ...changes.flatMap(({ before, after }) => [before, after])]) {
            expect(words).not.toContain(value);
          }
        },
      ),
    );
  });
});
