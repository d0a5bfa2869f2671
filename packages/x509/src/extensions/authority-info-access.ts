import { type Der, encodeOid, encodeSequence, type Oid } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';
import { encodeGeneralName, type GeneralName, readGeneralName } from '../general-name.ts';

/** How and where to find something about a certificate's issuer or subject (RFC 5280 s4.2.2). */
export interface AccessDescription {
  readonly accessMethod: Oid;
  readonly accessLocation: GeneralName;
}

/** Access methods of authorityInfoAccess and subjectInfoAccess (RFC 5280 s4.2.2.1, s4.2.2.2). */
export const accessMethod = {
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
  timeStamping: '1.3.6.1.5.5.7.48.3',
  caRepository: '1.3.6.1.5.5.7.48.5',
} as const;

/** Parses authorityInfoAccess, or subjectInfoAccess, which has the same form. @throws {@link DerError} */
export function parseAuthorityInfoAccess(value: Uint8Array): AccessDescription[] {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const descriptions: AccessDescription[] = [];
    do {
      const inner = reader.readSequence();
      descriptions.push({ accessMethod: inner.readOid(), accessLocation: readGeneralName(inner) });
      inner.end();
    } while (!reader.atEnd);
    return descriptions;
  });
}

export function encodeAuthorityInfoAccess(descriptions: readonly AccessDescription[]): Der {
  return encodeSequence(
    ...descriptions.map(({ accessMethod, accessLocation }) =>
      encodeSequence(encodeOid(accessMethod), encodeGeneralName(accessLocation)),
    ),
  );
}
