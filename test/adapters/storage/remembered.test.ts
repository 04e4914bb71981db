import { remembered } from '../../../src/adapters/storage/remembered.ts';

describe('remembered', () => {
  it('asks once and answers everybody', async () => {
    let calls = 0;
    const get = remembered(async () => ++calls);

    expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
  });

  it('asks again after a failure', async () => {
    let calls = 0;
    const get = remembered(async () => {
      calls += 1;
      if (calls === 1) throw new Error('down');
      return calls;
    });

    await expect(get()).rejects.toThrow('down');
    expect(await get()).toBe(2);
  });
});
