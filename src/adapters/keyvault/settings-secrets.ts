import { NeighbourError } from '../../core/errors.ts';
import type { Secrets } from '../../core/ports.ts';

export type SecretName = Parameters<Secrets['get']>[0];

/** Secrets from app settings, for a laptop without a vault; a missing or empty one is `not-found`. */
export function createSettingsSecrets(values: Readonly<Partial<Record<SecretName, string>>>): Secrets {
  return {
    get(name) {
      const value = values[name];
      if (value !== undefined && value !== '') return Promise.resolve(value);
      const message = `The secret ${name} is not set. Put it into the settings of the app.`;
      return Promise.reject(new NeighbourError('keyvault', 'not-found', message, { access: 'secret-missing' }));
    },
  };
}
