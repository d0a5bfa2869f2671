import { X509Certificate } from 'node:crypto';
import type { CaCertificatesResource } from '@vcc-pki/api';
import { CliError } from '../cli-error.ts';
import { ApiClient } from './api-client.ts';

/**
 * Fetches the root certificate from a server that cannot be trusted yet, and accepts it by its fingerprint alone.
 *
 * Nothing else of that answer is used: what is read afterwards comes over a connection that leads to this root.
 * @param fingerprint SHA-256 of the DER, lower-case hex
 * @returns PEM
 * @throws {@link CliError} `notTrusted` when the server has no root of that fingerprint
 */
export async function fetchPinnedRoot(origin: string, fingerprint: string): Promise<string> {
  const client = new ApiClient({ origin, trustedPem: undefined, client: undefined });
  try {
    const { items } = await client.call<CaCertificatesResource>('listCaCertificates');
    for (const { certificate_pem: pem } of items) {
      const certificate = new X509Certificate(pem);
      if (fingerprintOf(certificate) === fingerprint) return certificate.toString();
    }
  } finally {
    await client.close();
  }
  throw new CliError('notTrusted', `${origin} has no CA certificate with the fingerprint ${fingerprint}`, {
    advice: 'Ask the operator for the fingerprint again, by another way than this network.',
  });
}

function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}
