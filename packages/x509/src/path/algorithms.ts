import type { Oid } from '@vcc-pki/asn1';
import type { AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { describePublicKey } from '../public-key-description.ts';
import { type SignatureAlgorithmName, signatureAlgorithmOf } from '../signature-algorithms.ts';
import { PathError, toPathError } from './path-error.ts';
import type { PathPurpose } from './purpose.ts';

/** `strict` is what is safe today; `legacy` lets SHA-1, DSA and RSA from 1024 bits pass, for old test suites. */
export type AlgorithmPolicy = 'strict' | 'legacy';

/** Fewest bits of an RSA modulus: 2048 by NIST SP 800-131A r2 s3; 1024 is what the suites of the 2000s have. */
const fewestRsaBits: Record<AlgorithmPolicy, number> = { strict: 2048, legacy: 1024 };

/** Keys that only agree on others, for which there are KEK certificates: X25519 (RFC 8410 s3), X-Wing (draft-connolly-cfrg-xwing-kem s6.5). */
const agreementKeys: ReadonlySet<Oid> = new Set(['1.3.101.110', '1.3.6.1.4.1.62253.25722']);

/** The signature algorithm an identifier means. @throws {@link PathError} `algorithmNotAllowed` */
export function allowedSignatureAlgorithm(
  identifier: AlgorithmIdentifier,
  policy: AlgorithmPolicy,
  index: number,
): SignatureAlgorithmName {
  try {
    return signatureAlgorithmOf(identifier, { allowLegacy: policy === 'legacy' });
  } catch (error) {
    const { message } = toPathError(error, index);
    throw new PathError('algorithmNotAllowed', index, message, { cause: error });
  }
}

/**
 * Refuses keys of unknown kinds or too few bits. Deeper faults of a key are the issuing side's question (`checkPublicKey`).
 * @param publicKey DER SubjectPublicKeyInfo.
 * @throws {@link PathError} `keyNotAllowed`; {@link DerError}
 */
export function checkAllowedKey(
  publicKey: Uint8Array,
  { algorithms: policy, purpose }: { algorithms: AlgorithmPolicy; purpose: PathPurpose | undefined },
  index: number,
): void {
  const key = describePublicKey(publicKey);
  if (key.type === 'unknown' && purpose === 'kek' && agreementKeys.has(key.oid)) return;
  if (key.type === 'unknown' && policy === 'strict') {
    throw new PathError('keyNotAllowed', index, `a key of the unknown kind ${key.oid}`);
  }
  if (key.type === 'RSA' && key.bits < fewestRsaBits[policy]) {
    throw new PathError('keyNotAllowed', index, `an RSA key of ${key.bits} bits; at least ${fewestRsaBits[policy]}`);
  }
}
