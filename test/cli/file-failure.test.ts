import { fileFailure } from '../../src/cli/file-failure.ts';

describe('fileFailure', () => {
  it.each([
    ['ENOENT', 'read', 'plan.csv: there is no such file.'],
    ['ENOENT', 'written', 'plan.csv: it cannot be written (ENOENT).'],
    ['EACCES', 'read', 'plan.csv: it cannot be read (EACCES).'],
  ] as const)('says what %s means where a file is to be %s', (code, verb, message) => {
    const error = Object.assign(new Error('From the system.'), { code });

    expect(fileFailure(error, 'plan.csv', 'file-trouble', verb)).toMatchObject({
      exit: 2,
      code: 'file-trouble',
      message,
      cause: error,
    });
  });

  it.each([
    ['an error of ours', new TypeError('A bug.')],
    ['a text', 'A bug.'],
    ['nothing', null],
  ])('passes on %s, which is not of the file system', async (_name, error) => {
    const judge = async (): Promise<never> => Promise.reject(fileFailure(error, 'plan.csv', 'file-trouble', 'read'));

    await expect(judge()).rejects.toBe(error);
  });
});
