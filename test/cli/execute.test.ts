import type { Command, Given } from '../../src/cli/command.ts';
import { execute } from '../../src/cli/execute.ts';

const NOTHING: Given = { argument: () => undefined, flag: () => false, text: () => undefined };
const JSON_ONLY: Given = { ...NOTHING, flag: (name) => name === 'json' };

async function run(given: Given, command: Command['run'], colours = false) {
  const shown = { out: '', err: '' };
  const exit = await execute({ name: 'try', summary: '', run: command }, given, {
    env: {},
    out: (text) => (shown.out += text),
    err: (text) => (shown.err += text),
    colours,
    width: 80,
    now: () => 0,
    sleep: async () => undefined,
    person: undefined,
    progress: () => undefined,
  });
  return { exit, ...shown };
}

describe('execute', () => {
  it('shows a bug with its place, and ends with 1', async () => {
    const shown = await run(NOTHING, () => Promise.reject(new TypeError('Nobody thought of it.')));

    expect(shown).toMatchObject({ exit: 1, out: '' });
    expect(shown.err).toContain('✖ Something unexpected went wrong: TypeError: Nobody thought of it.');
    expect(shown.err).toMatch(/ {4}at .*execute\.test\.ts/);
  });

  it('shows a bug as JSON where JSON is read', async () => {
    const shown = await run(JSON_ONLY, () => Promise.reject(new TypeError('Nobody thought of it.')));

    expect(shown).toMatchObject({ exit: 1, err: '' });
    expect(JSON.parse(shown.out)).toMatchObject({ error: { code: 'unexpected', exit: 1 } });
  });

  it('keeps colours out of JSON, and whatever a command says on its way', async () => {
    const shown = await run(
      JSON_ONLY,
      async ({ look, dialogue }) => {
        dialogue.say(['on my way']);
        return { exit: 0, json: { text: look.paint.red('red'), asked: await dialogue.ask('?') }, lines: [] };
      },
      true,
    );

    expect(shown.out).toBe('{\n  "text": "red",\n  "asked": ""\n}\n');
  });

  it('colours where colours are wanted', async () => {
    const shown = await run(NOTHING, async ({ look }) => ({ exit: 0, json: {}, lines: [look.paint.red('red')] }), true);

    expect(shown.out).not.toBe('red\n');
    expect(shown.out).toContain('red');
  });

  it('refuses an address only when a command needs the app', async () => {
    const given: Given = { ...NOTHING, text: (name) => (name === 'url' ? 'nowhere' : undefined) };

    const without = await run(given, async () => ({ exit: 0, json: {}, lines: [] }));
    const needing = await run(given, async ({ url }) => ({ exit: 0, json: {}, lines: [url()] }));

    expect([without.exit, needing.exit]).toEqual([0, 2]);
  });
});
