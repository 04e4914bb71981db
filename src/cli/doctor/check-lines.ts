import { tableLines } from '../screen/look.ts';
import type { Look } from '../screen/look.ts';
import type { Check } from './check.ts';

/** Each check in a line, with what to do below the ones that need somebody. */
export function checkLines(checks: readonly Check[], look: Look): readonly string[] {
  const rows = checks.map((check) => [markOf(check, look), check.name, textOf(check, look)]);
  return tableLines([{ title: '' }, { title: '' }, { title: '', fills: true }], rows, look);
}

function textOf({ words, cures, section }: Check, { paint }: Look): string {
  const where = section === undefined ? [] : [paint.dim(`docs/operations.md#${section}`)];
  return [words, ...cures.map((cure) => `→ ${cure}`), ...where].join('\n');
}

function markOf({ state }: Check, { paint }: Look): string {
  if (state === 'ok') return paint.green('✔');
  if (state === 'failed') return paint.red('✖');
  return state === 'warning' ? paint.yellow('▲') : paint.dim('–');
}
