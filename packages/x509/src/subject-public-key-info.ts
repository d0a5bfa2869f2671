import { DerReader, Tag } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';

/** A public key as certificates carry it (RFC 5280 s4.1.2.7). */
export interface SubjectPublicKeyInfo {
  readonly der: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  /** What the BIT STRING holds; its form depends on `algorithm`. */
  readonly publicKey: Uint8Array;
}

/** Parses a DER SubjectPublicKeyInfo; whether the key in it is any good is `checkPublicKey`'s question. @throws {@link DerError} */
export function parseSubjectPublicKeyInfo(der: Uint8Array): SubjectPublicKeyInfo {
  const reader = new DerReader(der);
  const info = readSubjectPublicKeyInfo(reader);
  reader.end();
  return info;
}

/** Reads the next value as a SubjectPublicKeyInfo. @throws {@link DerError} */
export function readSubjectPublicKeyInfo(reader: DerReader): SubjectPublicKeyInfo {
  const { der, content, offset } = reader.readElement(Tag.sequence);
  const inner = new DerReader(content, offset);
  const algorithm = readAlgorithmIdentifier(inner);
  const publicKey = inner.readWholeBitString();
  inner.end();
  return { der, algorithm, publicKey };
}
