import { contextConstructed, contextPrimitive } from '@vcc-pki/asn1';
import type { ExtensionType } from '../extension.ts';

/** RFC 5280 s4.2.1.2: the key identifier's octets. */
export const subjectKeyIdentifier: ExtensionType<Uint8Array> = {
  oid: '2.5.29.14',
  isOwn: true,
  decode: (value) => value.readOctetString(),
};

/** RFC 5280 s4.2.1.1. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  readonly hasIssuerOrSerial: boolean;
}

export const authorityKeyIdentifier: ExtensionType<AuthorityKeyIdentifier> = {
  oid: '2.5.29.35',
  decode(value) {
    const reader = value.readSequence();
    const keyIdentifier = reader.readOptional(contextPrimitive(0))?.content;
    const issuer = reader.readOptional(contextConstructed(1));
    const serial = reader.readOptional(contextPrimitive(2));
    reader.end();
    return { keyIdentifier, hasIssuerOrSerial: issuer !== undefined || serial !== undefined };
  },
};
