import { createFaults } from '../../../local/simulator/faults.ts';
import type { FaultMatch, FaultSpec } from '../../../local/simulator/faults.ts';

const subject = { method: 'POST', path: '/v1/contacts', query: 'limit=5', body: '{"name":"x"}' };

describe('createFaults', () => {
  const firedAt = (spec: Omit<FaultSpec, 'do'>, requests: number, seed?: number): number[] => {
    const faults = createFaults(seed);
    faults.add({ ...spec, do: 'drop' });
    const numbers = Array.from({ length: requests }, (_, index) => index + 1);
    return numbers.filter(() => faults.pick(subject) !== undefined);
  };

  it.each([
    ['every request without a condition', {}, [1, 2, 3, 4, 5, 6]],
    ['the nth only', { nth: 3 }, [3]],
    ['every so many', { every: 2 }, [2, 4, 6]],
    ['so many times at most', { times: 2 }, [1, 2]],
    ['every so many, so many times', { every: 2, times: 1 }, [2]],
    ['never at probability 0', { probability: 0 }, []],
    ['always at probability 1', { probability: 1 }, [1, 2, 3, 4, 5, 6]],
  ])('fires on %s', (_case, spec, expected) => {
    expect(firedAt(spec, 6)).toEqual(expected);
  });

  it('draws the same for the same seed, at about the probability asked for', () => {
    const once = firedAt({ probability: 0.3 }, 1000, 42);

    expect(firedAt({ probability: 0.3 }, 1000, 42)).toEqual(once);
    expect(firedAt({ probability: 0.3 }, 1000, 43)).not.toEqual(once);
    expect(once.length).toBeGreaterThan(250);
    expect(once.length).toBeLessThan(350);
  });

  it.each<[string, FaultMatch, boolean]>([
    ['method, in any case', { method: 'post' }, true],
    ['another method', { method: 'GET' }, false],
    ['path', { path: /contacts$/g }, true],
    ['another path', { path: /lists/ }, false],
    ['query', { query: /limit=5/ }, true],
    ['another query', { query: /offset/ }, false],
    ['body', { body: /"name"/ }, true],
    ['another body', { body: /"alias"/ }, false],
    ['all of them', { method: 'POST', path: /contacts/, query: /limit/, body: /name/ }, true],
    ['not quite all', { method: 'POST', path: /contacts/, query: /limit/, body: /alias/ }, false],
  ])('looks at %s', (_case, match, expected) => {
    const faults = createFaults();
    faults.add({ match, do: 'drop' });

    const picked = [faults.pick(subject), faults.pick(subject)];

    expect(picked).toEqual(expected ? ['drop', 'drop'] : [undefined, undefined]);
  });

  it('counts matches and firings of each fault, the first due one winning', () => {
    const faults = createFaults();
    const first = faults.add({ times: 1, do: 'drop' });
    const second = faults.add({ do: 'hang' });

    const picked = [faults.pick(subject), faults.pick(subject), faults.pick(subject)];

    expect(picked).toEqual(['drop', 'hang', 'hang']);
    expect([first.matched, first.fired, second.matched, second.fired]).toEqual([3, 1, 3, 2]);
  });

  it('forgets a fault that is removed, and all that are cleared', () => {
    const faults = createFaults();
    const first = faults.add({ do: 'drop' });
    faults.add({ do: 'hang' });

    first.remove();
    const afterRemoval = faults.pick(subject);
    faults.clear();

    expect(afterRemoval).toBe('hang');
    expect(faults.pick(subject)).toBeUndefined();
    expect(faults.active).toEqual([]);
  });
});
