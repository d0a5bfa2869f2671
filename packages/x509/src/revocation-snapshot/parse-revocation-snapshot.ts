import { contextConstructed, type DerElement, DerError, DerReader, readSingleSequence, Tag } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../algorithm-identifier.ts';
import { readGeneralizedTime } from '../ocsp/ocsp-status.ts';
import {
  maxRevision,
  type RevocationSnapshotContent,
  revocationSnapshotOid,
  type SnapshotKind,
  snapshotKinds,
} from './build-revocation-snapshot.ts';
import { areSorted, entryOctets } from './snapshot-entries.ts';

/** A snapshot as it was received; all octets share the memory of what was parsed. */
export interface ParsedRevocationSnapshot extends RevocationSnapshotContent {
  /** DER of what is signed. */
  readonly tbsDer: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** DER of the certificates that came along. */
  readonly certificates: readonly Uint8Array[];
}

/** Two are sent while a responder changes its key; more is somebody wasting our time. */
const maxCertificates = 4;

/** Parses a DER snapshot; no signature is verified. @throws {@link DerError} */
export function parseRevocationSnapshot(der: Uint8Array): ParsedRevocationSnapshot {
  const outer = readSingleSequence(der);
  const tbs = outer.readElement(Tag.sequence);
  const signatureAlgorithm = readAlgorithmIdentifier(outer);
  const signature = outer.readWholeBitString();
  const certificates = readCertificates(outer.readOptional(contextConstructed(0)));
  outer.end();
  return { tbsDer: tbs.der, ...readContent(tbs), signatureAlgorithm, signature, certificates };
}

function readContent({ content, offset }: DerElement): RevocationSnapshotContent {
  const reader = new DerReader(content, offset);
  const type = reader.readOid();
  if (type !== revocationSnapshotOid) throw new DerError('invalidValue', `no revocation snapshot but ${type}`, offset);
  reader.readSmallInteger(1, 1);
  const issuerKeyId = reader.readOctetString();
  const kind = snapshotKinds[reader.readSmallInteger(0, snapshotKinds.length - 1, Tag.enumerated)] as SnapshotKind;
  const fromRevision = reader.readSmallInteger(0, kind === 'full' ? 0 : maxRevision);
  const revision = reader.readSmallInteger(fromRevision, maxRevision);
  const thisUpdate = readGeneralizedTime(reader);
  const nextUpdate = readGeneralizedTime(reader);
  if (nextUpdate < thisUpdate) throw new DerError('invalidValue', 'nextUpdate lies before thisUpdate', offset);
  const entries = readEntries(reader);
  reader.end();
  return { issuerKeyId, kind, fromRevision, revision, thisUpdate, nextUpdate, entries };
}

function readEntries(reader: DerReader): Uint8Array {
  const { offset } = reader;
  const entries = reader.readOctetString();
  if (entries.length % entryOctets !== 0) throw new DerError('invalidValue', 'an entry is cut off', offset);
  if (!areSorted(entries)) throw new DerError('invalidValue', 'the entries do not ascend', offset);
  return entries;
}

function readCertificates(explicit: DerElement | undefined): Uint8Array[] {
  if (explicit === undefined) return [];
  const wrapper = new DerReader(explicit.content, explicit.offset);
  const list = wrapper.readSequence();
  wrapper.end();
  const certificates: Uint8Array[] = [];
  while (!list.atEnd) {
    if (certificates.length === maxCertificates) {
      throw new DerError('outOfRange', `more than ${maxCertificates} certificates`, list.offset);
    }
    certificates.push(list.readElement(Tag.sequence).der);
  }
  return certificates;
}
