import { type Der, encodeOid, encodeSequence, type Oid } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** A policy of the issuer that equals one of the subject CA (RFC 5280 s4.2.1.5). */
export interface PolicyMapping {
  readonly issuerDomainPolicy: Oid;
  readonly subjectDomainPolicy: Oid;
}

/** @throws {@link DerError} */
export function parsePolicyMappings(value: Uint8Array): PolicyMapping[] {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const mappings: PolicyMapping[] = [];
    do {
      const inner = reader.readSequence();
      mappings.push({ issuerDomainPolicy: inner.readOid(), subjectDomainPolicy: inner.readOid() });
      inner.end();
    } while (!reader.atEnd);
    return mappings;
  });
}

export function encodePolicyMappings(mappings: readonly PolicyMapping[]): Der {
  return encodeSequence(
    ...mappings.map(({ issuerDomainPolicy, subjectDomainPolicy }) =>
      encodeSequence(encodeOid(issuerDomainPolicy), encodeOid(subjectDomainPolicy)),
    ),
  );
}
