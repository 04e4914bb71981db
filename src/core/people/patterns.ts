import { RE2JS } from 're2js';

/** An expression of the configuration with the case rule that goes with it. */
export interface Pattern {
  readonly pattern: string;
  readonly matchCase?: boolean | undefined;
}

// What people who know other engines miss; RE2 gives these up to answer in time that grows with the text alone.
const MISSING = /\(\?(?:[=!]|<[=!])|\\[1-9]/;

/** Why a pattern cannot be used, in words that go behind "expected"; undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    compile({ pattern, matchCase: true });
    return undefined;
  } catch (error) {
    const hint = MISSING.test(pattern) ? '; RE2 has no look-around and no references back' : '';
    return `a pattern that RE2 reads (${(error as Error).message.replace('error parsing regexp: ', '')}${hint})`;
  }
}

// Compiling costs far more than matching: a pattern is kept as long as the part of the configuration it stands in.
const compiled = new WeakMap<object, RE2JS>();

/** The compiled pattern of a part of the configuration, without regard to case unless it says otherwise. */
export function patternOf(owner: object, pattern: Pattern): RE2JS {
  const known = compiled.get(owner);
  if (known !== undefined) return known;
  const made = compile(pattern);
  compiled.set(owner, made);
  return made;
}

function compile({ pattern, matchCase }: Pattern): RE2JS {
  return RE2JS.compile(pattern.normalize('NFC'), matchCase === true ? 0 : RE2JS.CASE_INSENSITIVE);
}
