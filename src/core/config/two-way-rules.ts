import { isObject, findingOf, type Finding } from './finding.ts';
import { attributesWrittenBy, isWritable } from './writable-attributes.ts';

type Rule = Readonly<Record<string, unknown>>;
interface Placed {
  readonly path: readonly PropertyKey[];
  readonly rule: Rule;
}

/** Transforms of which a value of the contact, written to the directory, comes out again as it was. */
const UNDOABLE = ['trim', 'collapseSpaces', 'e164'];
const NUMBERS = ['phone_number', 'whatsapp_number'];

/** Which sides a document says are written; what is wrong with it is told elsewhere. */
function writtenFlow(sync: Rule): 'push' | 'pull' | 'both' {
  if (sync['direction'] === 'bidirectional') return 'both';
  return sync['source'] === 'messagemedia' ? 'pull' : 'push';
}

/**
 * Rules that say a field belongs to MessageMedia, or to either side, and whose value cannot be brought back to the
 * directory; and keys that mean nothing in the direction. Takes the document as it stands.
 */
export function twoWayFindings(sync: Rule): readonly Finding[] {
  const flow = writtenFlow(sync);
  const rules = placedRules(sync['mapping']);
  const backward = rules.filter((one) => travelsBack(one.rule, flow));
  return [
    ...sideFindings(sync),
    ...rules.flatMap((one) => ownershipFindings(one, flow)),
    ...backward.flatMap(undoFindings),
    ...repeatedWrites(backward),
    ...optOutFindings(sync, backward),
  ];
}

function placedRules(mapping: unknown): readonly Placed[] {
  const path = ['sync', 'mapping'];
  if (Array.isArray(mapping)) {
    return mapping.flatMap((rule: unknown, at) => (isObject(rule) ? [{ path: [...path, at], rule }] : []));
  }
  if (!isObject(mapping)) return [];
  return Object.entries(mapping).map(([from, to]) => ({ path: [...path, from], rule: { from, to } }));
}

function travelsBack({ owner }: Rule, flow: string): boolean {
  return flow === 'pull' || (flow === 'both' && (owner === 'messaging' || owner === 'either'));
}

function sideFindings({ direction, source = 'entra-id', target }: Rule): readonly Finding[] {
  const isTwoWay = direction === 'bidirectional';
  if (target === undefined || target !== source) return [];
  const expected = isTwoWay ? 'the other side than source' : 'the side that source does not name';
  return [findingOf(['sync', 'target'], target, expected)];
}

function ownershipFindings({ path, rule }: Placed, flow: string): readonly Finding[] {
  const { owner, to } = rule;
  const refuse = (key: string, isRefused: boolean, expected: string): readonly Finding[] =>
    isRefused && key in rule ? [findingOf([...path, key], rule[key], expected)] : [];
  const isOurs = owner === 'messaging' || owner === 'either';
  return [
    ...refuse(
      'owner',
      flow === 'push' && isOurs,
      'directory: nothing is written to it unless direction is bidirectional',
    ),
    ...refuse('owner', flow === 'pull' && owner !== 'messaging', 'messaging: with this source it owns every field'),
    ...refuse(
      'conflict',
      flow !== 'both' || owner !== 'either',
      'nothing: a conflict takes owner either, and direction bidirectional',
    ),
    ...refuse('format', !NUMBERS.includes(to as string) && !isE164(rule), 'nothing: only numbers have a form'),
  ];
}

function isE164({ transform }: Rule): boolean {
  return Array.isArray(transform) && transform.some((one: unknown) => nameOf(one) === 'e164');
}

function nameOf(transform: unknown): unknown {
  return isObject(transform) ? transform['name'] : transform;
}

const WHOLE_NAME = 'displayName without transforms, whose parts givenName and surname are written';

function undoFindings({ path, rule }: Placed): readonly Finding[] {
  const { to, from } = rule;
  if (to === 'group') {
    return [
      findingOf(
        typeof path.at(-1) === 'number' ? [...path, 'to'] : path,
        to,
        'a field: lists are written from the directory only',
      ),
    ];
  }
  const lossy = ['template', 'constant', 'fallback', 'default'].filter((key) => key in rule);
  const transforms: readonly unknown[] = Array.isArray(rule['transform']) ? rule['transform'] : [];
  const oneWay = transforms.filter((one) => !UNDOABLE.includes(nameOf(one) as string));
  const isName = to === 'contact_name';
  return [
    ...lossy.map((key) => findingOf([...path, key], rule[key], CANNOT_BE_UNDONE, { atKey: true })),
    ...(rule['apply'] === 'on-create' ? [findingOf([...path, 'apply'], 'on-create', FILLED_ONCE)] : []),
    ...(isName && (from !== 'displayName' || transforms.length > 0)
      ? [findingOf(fromPath(rule, path), from, WHOLE_NAME)]
      : []),
    ...(!isName && oneWay.length > 0
      ? [findingOf([...path, 'transform'], rule['transform'], `only ${UNDOABLE.join(', ')}: others cannot be undone`)]
      : []),
    ...(!isName && typeof from === 'string' && !isWritable(from)
      ? [findingOf(fromPath(rule, path), from, 'an attribute that an app may write')]
      : []),
  ];
}

const CANNOT_BE_UNDONE = 'nothing: a value of the contact could not be brought back to the directory';
const FILLED_ONCE = 'always: a field that is filled once is not kept in step';

/** In the short form the attribute is the key itself. */
function fromPath(rule: Rule, path: readonly PropertyKey[]): readonly PropertyKey[] {
  return path.at(-1) === rule['from'] ? path : [...path, 'from'];
}

/** Two fields of the contact cannot both say what one attribute is. */
function repeatedWrites(rules: readonly Placed[]): readonly Finding[] {
  const seen = new Set<string>();
  return rules.flatMap(({ path, rule }) => {
    const attributes = attributesWrittenBy(rule);
    const isRepeated = attributes.some((name) => seen.has(name));
    for (const name of attributes) seen.add(name);
    return isRepeated
      ? [findingOf(fromPath(rule, path), rule['from'], 'an attribute that no other field is written to')]
      : [];
  });
}

/** An attribute has one meaning: that of an opt-out, or of a field. */
function optOutFindings({ optOutAttribute: path }: Rule, backward: readonly Placed[]): readonly Finding[] {
  if (typeof path !== 'string' || !backward.some(({ rule }) => attributesWrittenBy(rule).includes(path))) return [];
  return [findingOf(['sync', 'optOutAttribute'], path, 'an attribute that no field is written to')];
}
