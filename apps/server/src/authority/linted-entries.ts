import { PkiError } from '@vcc-pki/api';
import { lintCrl } from '@vcc-pki/lint';
import {
  buildTbsCertList,
  type CertificateRevocationList,
  type CertListFrame,
  encodeSigned,
  signatureAlgorithmOf,
  verifySignature,
} from '@vcc-pki/x509';
import type { Issuer } from './issuer.ts';
import { placeholderSignature, refuseErrors } from './linted-tbs.ts';

/**
 * CRL entries that every lint rule for entries has passed. An entry never changes, so it is linted once: when it is
 * first put into a CRL, or read from the ledger again. Only the functions below make it.
 */
export class LintedEntries {
  /** DER of the entries one after another. */
  readonly der: Uint8Array;
  /** How many they are. */
  readonly count: number;

  private constructor(der: Uint8Array, count: number) {
    this.der = der;
    this.count = count;
  }

  /** @internal for functions that have linted them, or know who has. */
  static of(der: Uint8Array, count: number): LintedEntries {
    return new LintedEntries(der, count);
  }
}

/**
 * Runs every rule over entries, as a CRL of their own with everything else that theirs will have. It takes microseconds
 * an entry: hand in a thousand at most, and let others work in between.
 * @throws {@link PkiError} `serverInternal` when a rule refuses.
 */
export function proofreadEntries(entries: readonly Uint8Array[], frame: CertListFrame): LintedEntries {
  const tbsDer = buildTbsCertList({ ...frame, entries });
  refuseErrors(lintCrl(encodeSigned(tbsDer, frame.signatureAlgorithm, placeholderSignature)));
  return LintedEntries.of(Buffer.concat(entries), entries.length);
}

/**
 * Takes the entries out of a CRL that this CA signed: what carries its signature was linted.
 * @param count how many entries it has.
 * @throws {@link PkiError} `serverInternal` when the signature is not the CA's.
 */
export async function entriesOfOwnCrl(
  crl: CertificateRevocationList,
  count: number,
  issuer: Pick<Issuer, 'certificate'>,
): Promise<LintedEntries> {
  if (!(await isSignedBy(crl, issuer.certificate.subjectPublicKeyInfo.der))) {
    throw new PkiError('serverInternal', 'a CRL in the ledger does not carry the signature of its issuer');
  }
  return LintedEntries.of(crl.entriesDer, count);
}

/** Tells whether a CRL carries the signature of a key. @param publicKey DER SubjectPublicKeyInfo. */
export function isSignedBy(crl: CertificateRevocationList, publicKey: Uint8Array): Promise<boolean> {
  const algorithm = signatureAlgorithmOf(crl.signatureAlgorithm);
  return verifySignature({ algorithm, publicKey, data: crl.tbsDer, signature: crl.signature });
}
