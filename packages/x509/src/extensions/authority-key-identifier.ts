import {
  contextConstructed,
  contextPrimitive,
  type Der,
  DerError,
  DerReader,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeSequence,
} from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';
import { encodeGeneralName, type GeneralName, readGeneralNames } from '../general-name.ts';
import { readSerialNumber, type SerialNumber } from '../serial-number.ts';

/** Which of the issuer's keys signed (RFC 5280 s4.2.1.1). */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array;
  /** Issuer and serial number of the issuer's certificate: both or neither. */
  readonly authorityCertIssuer?: readonly GeneralName[];
  readonly authorityCertSerialNumber?: SerialNumber;
}

/** @throws {@link DerError} */
export function parseAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const keyIdentifier = reader.readOptional(contextPrimitive(0))?.content;
    const issuer = reader.readOptional(contextConstructed(1));
    const serial = reader.peekTag() === contextPrimitive(2) ? readSerialNumber(reader, contextPrimitive(2)) : undefined;
    reader.end();
    if ((issuer === undefined) !== (serial === undefined)) {
      throw new DerError('invalidValue', 'issuer and serial number: both or neither (RFC 5280 A.2)', reader.offset);
    }
    return {
      ...(keyIdentifier && { keyIdentifier }),
      ...(issuer && { authorityCertIssuer: readGeneralNames(new DerReader(issuer.content, issuer.offset)) }),
      ...(serial && { authorityCertSerialNumber: serial }),
    };
  });
}

export function encodeAuthorityKeyIdentifier(identifier: AuthorityKeyIdentifier): Der {
  const { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber } = identifier;
  const parts: Der[] = [];
  if (keyIdentifier) parts.push(encodeImplicit(0, keyIdentifier));
  if (authorityCertIssuer) parts.push(encodeImplicitConstructed(1, ...authorityCertIssuer.map(encodeGeneralName)));
  if (authorityCertSerialNumber) parts.push(encodeImplicit(2, authorityCertSerialNumber));
  return encodeSequence(...parts);
}
