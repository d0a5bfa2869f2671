import {
  type Der,
  encodeElement,
  encodeImplicitConstructed,
  encodeInteger,
  encodeOid,
  encodeSequence,
  encodeSetOf,
} from '@vcc-pki/asn1';
import { commonName } from './base-certificates.ts';
import { p256Key, placeholderSignature, signatures } from './keys.ts';
import { cn, dns, type ExtensionPart, name, subjectAltName } from './parts.ts';

/** The parts of a certification request, each already encoded. */
export interface RequestParts {
  readonly version: Der;
  readonly subject: Der;
  readonly publicKey: Der;
  /** Undefined leaves the field out, which is wrong. */
  readonly attributes: readonly Der[] | undefined;
  readonly algorithm: Der;
}

export function encodeRequest(parts: RequestParts): Der {
  const info = encodeSequence(
    parts.version,
    parts.subject,
    parts.publicKey,
    ...(parts.attributes ? [encodeImplicitConstructed(0, ...parts.attributes)] : []),
  );
  return encodeSequence(info, parts.algorithm, placeholderSignature);
}

export const requestAttribute = (type: string, ...values: readonly Der[]): Der =>
  encodeSequence(encodeOid(type), values.length > 0 ? encodeSetOf(...values) : encodeElement(0x31));

export const extensionList = (...extensions: readonly ExtensionPart[]): Der =>
  encodeSequence(...extensions.map(({ der }) => der));

export const extensionRequest = (...values: readonly Der[]): Der =>
  requestAttribute('1.2.840.113549.1.9.14', ...values);

/** A correct request of a P-256 key that asks for one name. */
export const request: RequestParts = {
  version: encodeInteger(0),
  subject: name(cn(commonName)),
  publicKey: p256Key,
  attributes: [extensionRequest(extensionList(subjectAltName(dns(commonName))))],
  algorithm: signatures.ecdsaSha256,
};
