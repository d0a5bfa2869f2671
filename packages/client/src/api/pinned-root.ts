import { X509Certificate } from 'node:crypto';
import type { CaCertificatesResource } from '@vcc-pki/api';
import { ClientError } from '../client-error.ts';
import { httpsOrigin, TlsTransport, type TransportLimits } from './transport.ts';
import { explainTransportError } from './transport-error.ts';

/**
 * Fetches the root certificate from a server that cannot be trusted yet, and accepts it by its fingerprint alone.
 *
 * Nothing else of that answer is used: what is read afterwards comes over a connection that leads to this root.
 * @param fingerprint SHA-256 of the DER, lower-case hex
 * @returns PEM
 * @throws {@link ClientError} `notTrusted` when the server has no root of that fingerprint
 */
export async function fetchPinnedRoot(
  origin: string,
  fingerprint: string,
  limits: TransportLimits = {},
): Promise<string> {
  const items = await unverifiedCaCertificates(httpsOrigin(origin), limits);
  for (const { certificate_pem: pem } of items) {
    const certificate = parseOrNothing(pem);
    if (certificate !== undefined && fingerprintOf(certificate) === fingerprint) return certificate.toString();
  }
  throw new ClientError('notTrusted', `${origin} has no CA certificate with the fingerprint ${fingerprint}`, {
    advice: 'Ask the operator for the fingerprint again, by another way than this network.',
  });
}

async function unverifiedCaCertificates(origin: string, limits: TransportLimits) {
  const transport = new TlsTransport('anybody', undefined, limits);
  try {
    const { bytes } = await transport.send({
      origin,
      path: '/api/v1/ca/certificates',
      method: 'GET',
      headers: { accept: 'application/json' },
    });
    const { items } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<CaCertificatesResource>;
    if (!Array.isArray(items)) throw new SyntaxError('there is no list of certificates in it');
    return items;
  } catch (error) {
    if (error instanceof ClientError) throw error;
    if (!(error instanceof SyntaxError)) throw explainTransportError(error, origin);
    throw new ClientError('badAnswer', `the answer of ${origin} makes no sense: ${error.message}`, { cause: error });
  } finally {
    await transport.close();
  }
}

function parseOrNothing(pem: unknown): X509Certificate | undefined {
  try {
    return new X509Certificate(String(pem));
  } catch {
    // Whatever it is, it is not the certificate that is looked for.
    return undefined;
  }
}

function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}
