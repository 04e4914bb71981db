import { createSettingsSecrets } from '../../../src/adapters/keyvault/settings-secrets.ts';
import { failureOf } from '../../support/neighbour-calls.ts';

describe('createSettingsSecrets', () => {
  it('answers what is set', async () => {
    const secrets = createSettingsSecrets({ 'pseudonym-key': 'something' });

    expect(await secrets.get('pseudonym-key', { fresh: true })).toBe('something');
  });

  it.each([{}, { 'pseudonym-key': '' }])('names what is not set (%j)', async (values) => {
    const error = await failureOf(createSettingsSecrets(values).get('pseudonym-key'));

    expect(error.failure).toBe('not-found');
    expect(error.message).toContain('pseudonym-key');
  });
});
