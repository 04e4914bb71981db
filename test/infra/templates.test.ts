import { globSync, readFileSync } from 'node:fs';

const TEMPLATES = globSync('infra/**/*.bicep').toSorted();
const textOf = (file: string) => readFileSync(file, 'utf8');

/** Declarations with the description above them. */
function described(
  text: string,
  keyword: 'param' | 'output',
): readonly (readonly [name: string, description: string])[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const name = new RegExp(`^${keyword} (\\w+)`).exec(line)?.[1];
    if (name === undefined) return [];
    const above = lines.slice(0, index).toReversed();
    const decorators = above.slice(
      0,
      above.findIndex((one) => !one.startsWith('@')),
    );
    const found = decorators.map((one) => /^@description\('(.*)'\)$/.exec(one)?.[1]).find((one) => one !== undefined);
    return [[name, found ?? ''] as const];
  });
}

describe.each(TEMPLATES)('%s', (file) => {
  const text = textOf(file);

  it('says of every parameter whether it is required', () => {
    const params = described(text, 'param');

    expect(params.filter(([, description]) => !/^(?:Required|Optional)\. .{10,}/.test(description))).toEqual([]);
  });

  it('calls a parameter optional when it has a default, and only then', () => {
    const optional = described(text, 'param').filter(([, description]) => description.startsWith('Optional.'));
    const defaulted = [...text.matchAll(/^param (\w+) [^\n]*?= /gm)].map((match) => match[1]);

    expect(optional.map(([name]) => name)).toEqual(defaulted);
  });

  it('says what every output is', () => {
    expect(described(text, 'output').filter(([, description]) => description.length < 10)).toEqual([]);
  });

  it('uses modules of this folder only', () => {
    const modules = [...text.matchAll(/^(?:module \w+|import .* from) '([^']+)'/gm)].map((match) => match[1]!);

    expect(modules.filter((path) => !/^(?:modules\/)?[a-z-]+\.bicep$/.test(path))).toEqual([]);
  });

  it('fits on a few screens', () => {
    expect(text.split('\n').length).toBeLessThan(300);
  });
});

describe('infra', () => {
  it('assigns roles in one module', () => {
    const assigning = TEMPLATES.filter((file) => textOf(file).includes("'Microsoft.Authorization/roleAssignments@"));

    expect(assigning).toEqual(['infra/modules/role-assignments.bicep']);
  });

  it('makes every resource in a module: main.bicep is the table of contents', () => {
    expect(textOf('infra/main.bicep')).not.toMatch(/^resource /m);
  });

  it('never asks Azure for a key', () => {
    expect(TEMPLATES.filter((file) => /\blist(?:Keys|AccountSas|Secrets)?\(/.test(textOf(file)))).toEqual([]);
  });

  it('lets no finding of the linter pass as a warning', () => {
    const { rules } = (
      JSON.parse(textOf('infra/bicepconfig.json')) as {
        readonly analyzers: { readonly core: { readonly rules: Readonly<Record<string, { readonly level: string }>> } };
      }
    ).analyzers.core;
    const levels = Object.entries(rules).filter(([, { level }]) => level !== 'error');

    // These two ask for what is new today, so that a check that passed would fail tomorrow.
    expect(levels.map(([name]) => name)).toEqual(['use-recent-api-versions', 'use-recent-module-versions']);
  });
});
