import { DerError, equalBytes } from '@vcc-pki/asn1';
import { checkCertificate } from '../path/check-certificate.ts';
import { PathCertificate } from '../path/path-certificate.ts';
import { PathError } from '../path/path-error.ts';
import { checkEndEntityPurpose } from '../path/purpose.ts';
import { signatureAlgorithmOf } from '../signature-algorithms.ts';
import { verifySignature } from '../verify-signature.ts';
import { X509Error } from '../x509-error.ts';
import { type ParsedRevocationSnapshot, parseRevocationSnapshot } from './parse-revocation-snapshot.ts';
import { RevocationSnapshotError } from './snapshot-error.ts';

declare const verified: unique symbol;

/** A snapshot whose signature, signer and time are in order; only {@link verifyRevocationSnapshot} makes it. */
export interface VerifiedRevocationSnapshot extends ParsedRevocationSnapshot {
  readonly [verified]: true;
}

export interface SnapshotVerification {
  /** DER of the certificate of the CA whose certificates it is about; the caller trusts it. */
  readonly issuer: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Clocks that differ by this much do not keep a client from learning of revocations; what CAs and browsers allow. */
const skewMs = 300_000;

/**
 * Parses a snapshot and verifies it as an OCSP answer is verified (RFC 6960 s4.2.2.2): signed by the CA itself, or by a
 * responder whose certificate that CA issued for the purpose OCSPSigning. Deviation: the responder's certificate must
 * have ocsp-nocheck (s4.2.2.2.1), for there is no other source here that could tell whether it is revoked.
 * @throws {@link RevocationSnapshotError}; {@link DerError}, {@link X509Error} when it is malformed.
 */
export async function verifyRevocationSnapshot(
  der: Uint8Array,
  { issuer, at }: SnapshotVerification,
): Promise<VerifiedRevocationSnapshot> {
  const snapshot = parseRevocationSnapshot(der);
  const ca = new PathCertificate(issuer);
  checkIssuerAndTime(snapshot, ca, at);
  await checkSigner(snapshot, ca, at);
  return snapshot as VerifiedRevocationSnapshot;
}

function checkIssuerAndTime(snapshot: ParsedRevocationSnapshot, ca: PathCertificate, at: number): void {
  const keyId = ca.extensions.subjectKeyIdentifier;
  if (keyId === undefined || !equalBytes(keyId, snapshot.issuerKeyId)) {
    throw new RevocationSnapshotError('wrongIssuer', 'the snapshot is about the certificates of another issuer');
  }
  const now = new Date(at).toISOString();
  if (snapshot.thisUpdate > at + skewMs) {
    const from = new Date(snapshot.thisUpdate).toISOString();
    throw new RevocationSnapshotError('notYetValid', `the snapshot is from ${from}, and the clock here says ${now}`);
  }
  if (at >= snapshot.nextUpdate + 1000) {
    const until = new Date(snapshot.nextUpdate).toISOString();
    throw new RevocationSnapshotError(
      'expired',
      `the snapshot was good until ${until}, and the clock here says ${now}`,
    );
  }
}

/** Tries each certificate that came along, which is most often the signer's, then the CA; the last fault is told. */
async function checkSigner(snapshot: ParsedRevocationSnapshot, ca: PathCertificate, at: number): Promise<void> {
  let fault = new RevocationSnapshotError('badSignature', 'the signature of the snapshot is none of its issuer');
  for (const der of snapshot.certificates) {
    const responder = new PathCertificate(der);
    if (!(await isSignedBy(snapshot, responder))) continue;
    const reason = await delegationFault(responder, ca, at);
    if (reason === undefined) return;
    fault = new RevocationSnapshotError('wrongSigner', `the signer of the snapshot may not sign it: ${reason}`);
  }
  if (!(await isSignedBy(snapshot, ca))) throw fault;
}

/** RFC 6960 s4.2.2.2 */
async function delegationFault(
  responder: PathCertificate,
  ca: PathCertificate,
  at: number,
): Promise<string | undefined> {
  try {
    if (responder.issuer.text !== ca.subject.text) return 'its certificate is not from this issuer';
    checkCertificate(responder, { at, algorithms: 'strict', conformance: 'validation', purpose: 'ocspSigning' }, 0);
    checkEndEntityPurpose(responder, 'ocspSigning');
    if (responder.extensions.ocspNoCheck === undefined) return 'its certificate has no ocsp-nocheck';
  } catch (error) {
    if (error instanceof PathError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return (await isSignedBy(responder.certificate, ca)) ? undefined : 'its certificate is not signed by this issuer';
}

type Signed = Pick<ParsedRevocationSnapshot, 'tbsDer' | 'signatureAlgorithm' | 'signature'>;

async function isSignedBy(signed: Signed, { certificate, publicKey }: PathCertificate): Promise<boolean> {
  return verifySignature({
    algorithm: signatureAlgorithmOf(signed.signatureAlgorithm),
    publicKey: publicKey ?? certificate.subjectPublicKeyInfo.der,
    data: signed.tbsDer,
    signature: signed.signature,
  });
}
