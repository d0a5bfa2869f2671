import { createHash, X509Certificate } from 'node:crypto';
import { parseEnrolmentToken } from '@vcc-pki/api/without-schemas';
import { generateKey, type KeyType } from '@vcc-pki/signer';
import { ApiConnection, type ApiConnectionOptions } from '../api/api-connection.ts';
import { fetchPinnedRoot } from '../api/pinned-root.ts';
import { httpsOrigin } from '../api/transport.ts';
import { ClientError } from '../client-error.ts';
import type { CertificateFiles } from '../files/certificate-files.ts';
import { readIfThere } from '../files/read-if-there.ts';
import type { RequestedNames } from './keeper-options.ts';
import { obtainCertificate } from './obtain-certificate.ts';

export interface Enrolment {
  /** The token as it was handed over. */
  readonly text: string;
  readonly serviceId: string;
  /** When absent, the server that the token names. */
  readonly pkiServerUrl: string | undefined;
  readonly files: CertificateFiles;
  readonly keyType: KeyType | undefined;
  readonly request: RequestedNames | undefined;
  readonly limits: Omit<ApiConnectionOptions, 'origin' | 'trustedPem' | 'client'>;
}

/**
 * Gets the first certificate with a one-time token: the root is the one whose fingerprint the token has, then key and
 * CSR are made here and the certificate is asked for over a connection that leads to that root.
 * @throws {@link ClientError} `notTrusted` when the root on the disk or at the server is another one; ServerRefusal
 */
export async function enrol({ text, files, serviceId, ...wish }: Enrolment): Promise<void> {
  const token = parseEnrolmentToken(text.trim());
  if (token.serviceId !== serviceId) {
    throw new ClientError('noCertificate', `the token is for ${token.serviceId} and not for ${serviceId}`, {
      advice: `Ask for one of this service: vcc-pki token create --service ${serviceId}.`,
    });
  }
  const origin = httpsOrigin(wish.pkiServerUrl ?? new URL(token.serverUrl).origin);
  const trustedPem =
    (await rootOnDisk(files, token.rootSha256)) ?? (await fetchPinnedRoot(origin, token.rootSha256, wish.limits));
  const connection = new ApiConnection({ ...wish.limits, origin, trustedPem });
  const { keyType = 'P-256', request = {} } = wish;
  try {
    await obtainCertificate(connection, {
      files,
      operation: 'enrol',
      members: {
        token: text.trim(),
        ...(request.validityDays !== undefined && { validity_days: request.validityDays }),
        ...(request.validityHours !== undefined && { validity_hours: request.validityHours }),
      },
      keyDescription: keyType,
      makeKey: () => generateKey(keyType),
      mayReplace: true,
    });
  } finally {
    await connection.close();
  }
}

async function rootOnDisk(files: CertificateFiles, sha256: string): Promise<string | undefined> {
  const pem = await readIfThere(files.paths.rootCa);
  if (pem === undefined) return undefined;
  if (createHash('sha256').update(new X509Certificate(pem).raw).digest('hex') === sha256) return pem;
  throw new ClientError('notTrusted', `${files.paths.rootCa} is not the root that the token names`, {
    advice: 'Check with the operator which PKI this service belongs to, by another way than this network.',
  });
}
