import tls from 'node:tls';
import { createTlsIdentity } from '../../local/simulator/tls.ts';
import type { TlsIdentity } from '../../local/simulator/tls.ts';

let identity: Promise<TlsIdentity> | undefined;

/** One identity per test file, trusted by this process instead of an earlier file's. */
export async function trustedTls(): Promise<TlsIdentity> {
  identity ??= createTlsIdentity();
  const { cert } = await identity;
  // Not added to the authorities of now: several with the same name hide each other.
  tls.setDefaultCACertificates([...tls.getCACertificates('bundled'), cert]);
  return identity;
}
