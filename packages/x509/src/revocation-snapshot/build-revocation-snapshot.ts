import {
  type Der,
  encodeBitString,
  encodeEnumerated,
  encodeExplicit,
  encodeGeneralizedTime,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  type Oid,
} from '@vcc-pki/asn1';
import type { SignatureAlgorithmName } from '../signature-algorithms.ts';
import { encodeSignatureAlgorithm } from '../signed.ts';
import { areSorted, entryOctets } from './snapshot-entries.ts';

/**
 * What a snapshot begins with. Nothing else that these keys sign begins with an OID, so no signature under a certificate,
 * CRL or OCSP answer can be passed off as one under a snapshot, or the other way round. For the arc see `kekKeyPurposeId`.
 */
export const revocationSnapshotOid: Oid = '1.3.6.1.4.1.32473.80.20';

/** `full`: everything that is revoked. `delta`: what became revoked after a revision. */
export const snapshotKinds = ['full', 'delta'] as const;
export type SnapshotKind = (typeof snapshotKinds)[number];

/** A list has fewer changes than this; a number that every reader can hold. */
export const maxRevision = 2 ** 31 - 1;

/** What is said, before it is signed. */
export interface RevocationSnapshotContent {
  /** subjectKeyIdentifier of the issuer whose certificates it is about. */
  readonly issuerKeyId: Uint8Array;
  readonly kind: SnapshotKind;
  /** What a delta adds to; 0 in a full snapshot. */
  readonly fromRevision: number;
  /** Every change of the issuer's list up to this one is known to whoever has taken this. */
  readonly revision: number;
  /** Milliseconds since the epoch; whole seconds. */
  readonly thisUpdate: number;
  /** After this it says nothing any more. */
  readonly nextUpdate: number;
  /** Entries (see `snapshotEntry`) one after another, ascending, each once. */
  readonly entries: Uint8Array;
}

/** Builds a snapshot up to its signature. @throws RangeError when the content contradicts itself. */
export function buildTbsRevocationSnapshot(content: RevocationSnapshotContent): Der {
  const { kind, fromRevision, revision, entries } = content;
  if (kind === 'full' && fromRevision !== 0) throw new RangeError('a full snapshot begins at revision 0');
  if (!(fromRevision >= 0 && fromRevision <= revision && revision <= maxRevision)) {
    throw new RangeError('the revisions of a snapshot ascend');
  }
  if (entries.length % entryOctets !== 0 || !areSorted(entries)) throw new RangeError('entries ascend, each once');
  return encodeSequence(
    encodeOid(revocationSnapshotOid),
    encodeInteger(1),
    encodeOctetString(content.issuerKeyId),
    encodeEnumerated(snapshotKinds.indexOf(kind)),
    encodeInteger(fromRevision),
    encodeInteger(revision),
    encodeGeneralizedTime(content.thisUpdate),
    encodeGeneralizedTime(content.nextUpdate),
    encodeOctetString(entries),
  );
}

/** A finished snapshot and its signature. */
export interface SignedRevocationSnapshot {
  readonly tbsDer: Der;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  readonly signature: Uint8Array;
  /** DER of certificates to send along: the responder's, when the CA does not sign itself. */
  readonly certificates?: readonly Der[];
}

/** Puts a signature under a snapshot. */
export function encodeRevocationSnapshot(input: SignedRevocationSnapshot): Der {
  const { tbsDer, signatureAlgorithm, signature, certificates = [] } = input;
  return encodeSequence(
    tbsDer,
    encodeSignatureAlgorithm(signatureAlgorithm),
    encodeBitString(signature),
    ...(certificates.length === 0 ? [] : [encodeExplicit(0, encodeSequence(...certificates))]),
  );
}
