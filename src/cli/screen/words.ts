/** `1 person`, `3 people`, `12,000 people`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** `12,000`. */
export function grouped(number: number): string {
  return number.toLocaleString('en');
}

/** `Sales, Support and Finance`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A share of 1 as `11 %`; what is there is never `0 %`, and what is missing never `100 %`. */
export function percent(part: number, whole: number): string {
  const rounded = Math.round((part / whole) * 100);
  if (rounded === 0 && part > 0) return 'less than 1 %';
  return rounded === 100 && part < whole ? 'more than 99 %' : `${rounded} %`;
}

/** Any value in one line: text as it is, everything else as JSON. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '–' : JSON.stringify(value);
}
