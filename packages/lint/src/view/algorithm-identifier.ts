import { type DerElement, type DerReader, type Oid, Tag } from '@vcc-pki/asn1';
import { readerOf } from './elements.ts';

/** An `AlgorithmIdentifier` (RFC 5280 s4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly oid: Oid;
  /** Undefined when absent, which is not the same as NULL. */
  readonly parameters: DerElement | undefined;
  /** All of its octets. */
  readonly der: Uint8Array;
}

export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const element = reader.readElement(Tag.sequence);
  const inner = readerOf(element);
  const oid = inner.readOid();
  const parameters = inner.atEnd ? undefined : inner.readElement();
  inner.end();
  return { oid, parameters, der: element.der };
}

/** Whether parameters are there and are NULL. */
export function isNull(parameters: DerElement | undefined): boolean {
  return parameters?.tag === Tag.null && parameters.content.length === 0;
}

/** Object identifiers of the signature algorithms with a hash of their own; Ed25519 and ML-DSA share those of their keys. */
export const SignatureAlgorithm = {
  /** sha256WithRSAEncryption, -384, -512 (RFC 4055 s5). */
  rsa: new Set<Oid>(['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13']),
  /** id-RSASSA-PSS (RFC 4055 s3.1): hash, mask and salt are in the parameters. */
  rsaPss: '1.2.840.113549.1.1.10',
  /** ecdsa-with-SHA256, -384, -512 (RFC 5758 s3.2). */
  ecdsa: new Set<Oid>(['1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4']),
} as const;
