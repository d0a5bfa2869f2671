import { contextConstructed, type DerElement, DerReader, type Oid, Tag } from '@vcc-pki/asn1';
import type { AlgorithmIdentifier } from './algorithm-identifier.ts';
import { readEach, readerOf } from './elements.ts';
import { type Extended, Extensions, readExtensions } from './extension.ts';
import { type Name, type Named, readName } from './name.ts';
import { type Keyed, PublicKey } from './public-key.ts';
import { readSigned, type Signed } from './signed.ts';

/** One attribute of a request (RFC 2986 s4.1). */
export interface RequestAttribute {
  readonly type: Oid;
  readonly values: readonly DerElement[];
}

export const RequestAttributeType = {
  challengePassword: '1.2.840.113549.1.9.7',
  extensionRequest: '1.2.840.113549.1.9.14',
} as const;

/** A PKCS #10 certification request as the rules see it (RFC 2986 s4). */
export class RequestView implements Signed, Named, Keyed, Extended {
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly version: number;
  readonly subject: Name;
  readonly names: readonly Name[];
  readonly publicKey: PublicKey;
  /** Undefined when the field is absent, which is not the same as empty. */
  readonly attributes: readonly RequestAttribute[] | undefined;
  /** The extensions asked for: of the first extensionRequest, in its first value. */
  readonly extensions: Extensions;

  /** @throws DerError */
  constructor(der: Uint8Array) {
    const { tbs, signatureAlgorithm } = readSigned(der);
    this.signatureAlgorithm = signatureAlgorithm;
    this.version = tbs.readSmallInteger(-128, 127);
    this.subject = readName(tbs);
    this.names = [this.subject];
    this.publicKey = new PublicKey(tbs);
    const attributes = tbs.readOptional(contextConstructed(0));
    this.attributes = attributes && readEach(readerOf(attributes), readAttribute);
    tbs.end();
    this.extensions = requestedExtensions(this.attributes ?? []);
  }
}

function readAttribute(attributes: DerReader): RequestAttribute {
  const reader = attributes.readSequence();
  const type = reader.readOid();
  const values = readEach(reader.readConstructed(Tag.set), (set) => set.readElement());
  reader.end();
  return { type, values };
}

function requestedExtensions(attributes: readonly RequestAttribute[]): Extensions {
  const value = attributes.find(({ type }) => type === RequestAttributeType.extensionRequest)?.values[0];
  if (!value) return new Extensions(undefined);
  return readExtensions(new DerReader(value.der, value.offset - (value.der.length - value.content.length)));
}
