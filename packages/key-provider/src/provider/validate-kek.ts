import { type KekCertificateFacts, KekError, kekCertificateFacts } from '@vcc-pki/kek';
import {
  type Certificate,
  PathError,
  parseCertificate,
  type VerifiedPath,
  verifyCertificationPath,
} from '@vcc-pki/x509';
import { crlPointOf } from '../cache/crl-scope.ts';
import { KeyError } from '../key-error.ts';

export interface KekValidation {
  readonly certificate: Certificate;
  readonly facts: KekCertificateFacts;
  /** The CA that issued it, whose CRL speaks of it. */
  readonly issuer: Certificate;
  /** Where that CRL is. */
  readonly crlPoint: string | undefined;
  readonly crlNextUpdateMs: number | undefined;
  /** Revoked, and taken nevertheless: to encrypt anew what is under it. */
  readonly isRevoked: boolean;
}

export interface ValidationInput {
  readonly certificateDer: Uint8Array;
  readonly intermediates: readonly Uint8Array[];
  readonly trustAnchors: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly nowMs: number;
  readonly acceptRevoked: boolean;
}

/**
 * Decides whether a certificate is that of a KEK of this PKI: its path to the root for the purpose `kek`, its revocation by
 * a CRL that must be at hand, and what it says about itself.
 * @throws {@link KeyError} `KEK_REVOKED`, `KEK_NOT_VALIDATED`
 */
export async function validateKek(input: ValidationInput): Promise<KekValidation> {
  try {
    const certificate = parseCertificate(input.certificateDer);
    const facts = kekCertificateFacts(certificate);
    const { path, isRevoked, isExpired } = await verify(input, certificate);
    const issuer = path.certificates[1] ?? certificate;
    const evidence = path.revocation.find(({ index }) => index === 0);
    const crl = evidence?.sources.find(({ type }) => type === 'crl');
    if (!isRevoked && !isExpired && crl === undefined) {
      throw new KeyError('KEK_NOT_VALIDATED', 'no CRL tells whether the certificate is revoked');
    }
    const crlPoint = crlPointOf(certificate);
    return { certificate, facts, issuer, crlPoint, crlNextUpdateMs: crl?.nextUpdate, isRevoked };
  } catch (error) {
    throw toKeyError(error);
  }
}

async function verify(
  { certificateDer: endEntity, intermediates, trustAnchors, crls, nowMs, acceptRevoked }: ValidationInput,
  { validity }: Certificate,
): Promise<{ readonly path: VerifiedPath; readonly isRevoked: boolean; readonly isExpired: boolean }> {
  const request = { endEntity, intermediates, trustAnchors, purpose: 'kek', at: nowMs } as const;
  // Its end is the end of writing (notAfterWrite): what is under it may be read for longer. CRLs then say nothing of it.
  if (nowMs > validity.notAfter) {
    const path = await verifyCertificationPath({ ...request, at: validity.notAfter, revocation: 'none' });
    return { path, isRevoked: false, isExpired: true };
  }
  try {
    return { path: await verifyCertificationPath({ ...request, crls }), isRevoked: false, isExpired: false };
  } catch (error) {
    const isOwn = error instanceof PathError && error.code === 'revoked' && error.index === 0;
    if (!isOwn || !acceptRevoked) throw error;
    const path = await verifyCertificationPath({ ...request, revocation: 'none' });
    return { path, isRevoked: true, isExpired: false };
  }
}

/** Whether a certificate may be good, and only no current CRL is there to say so. */
export function isMatterOfCrl({ cause, message }: KeyError): boolean {
  return (cause as { code?: unknown } | undefined)?.code === 'revocationUndetermined' || message.startsWith('no CRL');
}

function toKeyError(cause: unknown): unknown {
  if (cause instanceof KeyError) return cause;
  if (cause instanceof PathError) {
    const isOwn = cause.code === 'revoked' && cause.index === 0;
    return new KeyError(
      isOwn ? 'KEK_REVOKED' : 'KEK_NOT_VALIDATED',
      `the certificate does not hold: ${cause.message}`,
      {
        cause,
      },
    );
  }
  const isMalformed = cause instanceof KekError || (cause instanceof Error && /^(Der|X509)Error$/.test(cause.name));
  return isMalformed
    ? new KeyError('KEK_NOT_VALIDATED', `the certificate is no KEK's: ${cause.message}`, { cause })
    : cause;
}
