import { flowOf } from '../../../src/core/config/sync-config.ts';
import { selectOf, writtenAttributesOf } from '../../../src/core/config/attributes.ts';
import { aConfig, problemsOf } from './configuration.ts';

const phone = { to: 'phone_number', from: 'mobilePhone' };
const OPT_OUTS = 'onPremisesExtensionAttributes.extensionAttribute5';
type Rule = Readonly<Record<string, unknown>>;

function bothWays(...rules: readonly Rule[]): Readonly<Record<string, unknown>> {
  return { direction: 'bidirectional', mapping: [phone, ...rules] };
}

describe('parseSyncConfig, two ways', () => {
  it('writes the contacts alone unless it says otherwise', () => {
    expect(flowOf(aConfig())).toBe('push');
    expect(flowOf(aConfig({ direction: 'bidirectional' }))).toBe('both');
    expect(flowOf(aConfig({ direction: 'bidirectional', source: 'messagemedia' }))).toBe('both');
    expect(flowOf(aConfig({ source: 'messagemedia' }))).toBe('pull');
  });

  it('leaves every field to the directory unless a rule says otherwise', () => {
    expect(aConfig(bothWays()).mapping[0]).toMatchObject({ owner: 'directory', conflict: 'directory', format: 'keep' });
    const rule = { ...phone, owner: 'either', conflict: 'report', format: 'national' };

    expect(aConfig({ direction: 'bidirectional', mapping: [rule] }).mapping[0]).toMatchObject(rule);
  });

  it('gives every field to MessageMedia where that is the source', () => {
    const { target, mapping } = aConfig({ source: 'messagemedia', mapping: { mobilePhone: 'phone_number' } });

    expect(target).toBe('entra-id');
    expect(mapping).toMatchObject([{ owner: 'messaging' }]);
    expect(aConfig().target).toBe('messagemedia');
  });

  it.each<[Readonly<Record<string, unknown>>, string, RegExp]>([
    [{ mapping: { mobilePhone: 'phone_number', department: 'group' } }, 'sync.mapping.department', /directory only/],
    [{ mapping: { mobilePhone: 'phone_number', mail: 'contact_name' } }, 'sync.mapping.mail', /givenName and surname/],
    [{ mapping: { mobilePhone: 'phone_number', userType: 'alias' } }, 'sync.mapping.userType', /an app may write/],
    [{ mapping: [{ ...phone, owner: 'directory' }] }, 'sync.mapping[0].owner', /it owns every field/],
    [{ mapping: [{ ...phone, owner: 'either' }] }, 'sync.mapping[0].owner', /it owns every field/],
    [{ mapping: [phone, { to: 'alias', template: '{jobTitle}' }] }, 'sync.mapping[1].template', /brought back/],
    [{ target: 'messagemedia' }, 'sync.target', /the side that source does not name/],
  ])('refuses %j with MessageMedia as the source', (changes, path, expected) => {
    expect(problemsOf({ source: 'messagemedia', ...changes })).toContainEqual(
      expect.objectContaining({ path, expected: expect.stringMatching(expected) as string }),
    );
  });

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['one way to the contacts', { mapping: [phone, { to: 'alias', from: 'jobTitle' }] }, []],
    [
      'both ways, the fields that do not belong to the directory alone',
      bothWays(
        { to: 'contact_name', from: 'displayName', owner: 'either' },
        { to: 'alias', from: 'jobTitle', owner: 'messaging' },
        { to: 'note', template: '{city}' },
      ),
      ['givenName', 'surname', 'jobTitle'],
    ],
    ['from the contacts, all fields', { source: 'messagemedia', mapping: [phone] }, ['mobilePhone']],
    ['opt-outs, in every direction', { optOutAttribute: OPT_OUTS }, [OPT_OUTS]],
  ])('knows what is written to the directory: %s', (_what, changes, paths) => {
    const config = aConfig(changes);

    expect(writtenAttributesOf(config)).toEqual(paths);
    expect(selectOf(config).includes('onPremisesSyncEnabled')).toBe(paths.length > 0);
  });

  it('tells of opt-outs in attributes that a tenant gives a meaning of its own, and in no other', () => {
    const extension = `extension_${'0'.repeat(32)}_messages`;

    expect(selectOf(aConfig({ optOutAttribute: extension }))).toContain(extension);
    expect(selectOf(aConfig({ optOutAttribute: OPT_OUTS }))).toContain('onPremisesExtensionAttributes');
    for (const path of ['jobTitle', 'extension_messages', 'onPremisesExtensionAttributes.extensionAttribute16']) {
      expect(problemsOf({ optOutAttribute: path })).toEqual([
        expect.objectContaining({
          path: 'sync.optOutAttribute',
          expected: expect.stringMatching(/^extension_</) as string,
        }),
      ]);
    }
  });

  it('tells of opt-outs where no field is written', () => {
    const rule = { to: 'alias', from: OPT_OUTS, owner: 'either' };

    expect(problemsOf({ ...bothWays(rule), optOutAttribute: OPT_OUTS })).toEqual([
      expect.objectContaining({ path: 'sync.optOutAttribute', expected: 'an attribute that no field is written to' }),
    ]);
    expect(problemsOf({ ...bothWays({ ...rule, owner: 'directory' }), optOutAttribute: OPT_OUTS })).toEqual([]);
  });

  it('asks whether a person belongs to a directory on-premises only where that counts', () => {
    expect(selectOf(aConfig())).not.toContain('onPremisesSyncEnabled');
    expect(selectOf(aConfig(bothWays()))).toContain('onPremisesSyncEnabled');
    expect(selectOf(aConfig({ source: 'messagemedia' }))).toEqual(
      expect.arrayContaining(['mail', 'onPremisesSyncEnabled']),
    );
  });

  it.each<[Rule]>([
    [{ to: 'contact_name', from: 'displayName', owner: 'either' }],
    [{ to: 'first_name', from: 'givenName', owner: 'messaging', transform: ['trim', { name: 'collapseSpaces' }] }],
    [{ to: 'custom.desk_phone', from: 'businessPhones[0]', owner: 'either', transform: ['e164'], format: 'e164' }],
    [{ to: 'whatsapp_number', from: 'businessPhones', owner: 'messaging', format: 'keep' }],
    [{ to: 'note', from: 'onPremisesExtensionAttributes.extensionAttribute3', owner: 'either' }],
    [{ to: 'group', from: 'department' }],
    [{ to: 'alias', template: '{jobTitle}!' }],
  ])('accepts %j in both directions', (rule) => {
    expect(problemsOf(bothWays(rule))).toEqual([]);
  });

  it.each<[Rule, string, RegExp]>([
    [{ to: 'alias', template: '{jobTitle}' }, 'template', /could not be brought back/],
    [{ to: 'alias', constant: 'x' }, 'constant', /could not be brought back/],
    [{ to: 'alias', from: 'jobTitle', fallback: ['mail'] }, 'fallback', /could not be brought back/],
    [{ to: 'alias', from: 'jobTitle', default: 'x' }, 'default', /could not be brought back/],
    [{ to: 'alias', from: 'jobTitle', transform: ['upper'] }, 'transform', /others cannot be undone/],
    [{ to: 'alias', from: 'jobTitle', apply: 'on-create' }, 'apply', /filled once/],
    [{ to: 'alias', from: 'employeeHireDate' }, 'from', /an app may write/],
    [{ to: 'alias', from: 'manager.displayName' }, 'from', /an app may write/],
    [{ to: 'alias', from: 'mobilePhone' }, 'from', /no other field is written to/],
    [{ to: 'contact_name', from: 'mail' }, 'from', /givenName and surname/],
    [{ to: 'contact_name', from: 'displayName', transform: ['trim'] }, 'from', /givenName and surname/],
    [{ to: 'group', from: 'department' }, 'to', /from the directory only/],
  ])('refuses a shared field that cannot be brought back: %j', (rule, key, expected) => {
    for (const owner of ['messaging', 'either']) {
      const shared = {
        direction: 'bidirectional',
        mapping: [
          { ...phone, owner },
          { ...rule, owner },
        ],
      };

      expect(problemsOf(shared)).toEqual([
        expect.objectContaining({
          path: `sync.mapping[1].${key}`,
          expected: expect.stringMatching(expected) as string,
        }),
      ]);
    }
    if (rule['from'] !== 'mobilePhone') expect(problemsOf(bothWays(rule))).toEqual([]);
  });

  it('refuses two names that are written to the same attribute', () => {
    const rules = [
      { to: 'contact_name', from: 'displayName', owner: 'either' },
      { to: 'first_name', from: 'givenName', owner: 'either' },
    ];

    expect(problemsOf(bothWays(...rules))).toMatchObject([{ path: 'sync.mapping[2].from' }]);
  });

  it.each<[Readonly<Record<string, unknown>>, string, RegExp]>([
    [{ mapping: [{ ...phone, owner: 'either' }] }, 'sync.mapping[0].owner', /direction is bidirectional/],
    [{ mapping: [{ ...phone, owner: 'messaging' }] }, 'sync.mapping[0].owner', /direction is bidirectional/],
    [{ mapping: [{ ...phone, conflict: 'report' }] }, 'sync.mapping[0].conflict', /takes owner either/],
    [bothWays({ to: 'alias', from: 'jobTitle', conflict: 'report' }), 'sync.mapping[1].conflict', /takes owner either/],
    [bothWays({ to: 'alias', from: 'jobTitle', format: 'keep' }), 'sync.mapping[1].format', /only numbers/],
    [{ mapping: [{ ...phone, format: 'x' }] }, 'sync.mapping[0].format', /^one of keep, e164, national$/],
    [{ mapping: [{ ...phone, owner: 'x' }] }, 'sync.mapping[0].owner', /^one of directory, messaging, either$/],
    [
      { direction: 'bidirectional', source: 'entra-id', target: 'entra-id' },
      'sync.target',
      /the other side than source/,
    ],
    [{ unmatched: 'create' }, 'sync.unmatched', /^report$/],
  ])('refuses %j at %s', (changes, path, expected) => {
    expect(problemsOf(changes)).toContainEqual(
      expect.objectContaining({ path, expected: expect.stringMatching(expected) as string }),
    );
  });

  it('says nothing of a mapping that is none, whose shape is told elsewhere', () => {
    expect(problemsOf({ direction: 'bidirectional', mapping: 'x' }).map(({ path }) => path)).toEqual(['sync.mapping']);
    expect(problemsOf({ direction: 'bidirectional', mapping: [phone, 'x'] }).map(({ path }) => path)).toEqual([
      'sync.mapping[1]',
    ]);
  });
});
