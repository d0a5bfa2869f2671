import { type Der, DerReader, encodeOid, encodeSequence, type Oid, Tag } from '@vcc-pki/asn1';

/** An algorithm and its parameters (RFC 5280 s4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly oid: Oid;
  /** DER of the parameters; empty when they are absent, which is not the same as NULL. */
  readonly parameters: Uint8Array;
  readonly der: Uint8Array;
}

/** Reads the next value as an AlgorithmIdentifier. @throws {@link DerError} */
export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const { der, content, offset } = reader.readElement(Tag.sequence);
  const inner = new DerReader(content, offset);
  const oid = inner.readOid();
  const parameters = inner.atEnd ? new Uint8Array(0) : inner.readElement().der;
  inner.end();
  return { oid, parameters, der };
}

/** Encodes an AlgorithmIdentifier; `parameters` is finished DER, or empty to leave them out. */
export function encodeAlgorithmIdentifier(oid: Oid, parameters: Uint8Array): Der {
  return encodeSequence(encodeOid(oid), parameters);
}
