import { randomUUID } from 'node:crypto';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { generate } from 'selfsigned';

export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
  /** PEM file of the certificate, for NODE_EXTRA_CA_CERTS of a child process. */
  readonly caFile: string;
}

const VALID_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a fresh certificate for `localhost` and 127.0.0.1 that is its own authority, and writes it to
 * `folder` (default: a new temporary folder) as `simulator-ca.pem`.
 */
export async function createTlsIdentity(folder?: string): Promise<TlsIdentity> {
  // A name of its own: among trusted certificates of one name, OpenSSL tries only the first.
  const pems = await generate([{ name: 'commonName', value: `simulator ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // A day of slack: a container's clock may be behind the host's.
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert, caFile: writeCaFile(pems.cert, folder) };
}

/** Makes every TLS client of this process trust the identity, besides the authorities it trusts already. */
export function trustInProcess(identity: Pick<TlsIdentity, 'cert'>): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), identity.cert]);
}

function writeCaFile(cert: string, folder: string | undefined): string {
  const target = folder ?? mkdtempSync(join(tmpdir(), 'entra-sync-tls-'));
  mkdirSync(target, { recursive: true });
  const file = join(target, 'simulator-ca.pem');
  writeFileSync(file, cert);
  return file;
}
