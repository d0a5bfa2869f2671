import { type Oid, Tag } from '@vcc-pki/asn1';

interface AttributeTypeRow {
  readonly oid: Oid;
  /** RFC 4514 s3 and the IANA LDAP descriptor registry. */
  readonly shortName: string;
  /** String type that is written: RFC 5280 s4.1.2.4 wants UTF8String but for those that it fixes (Appendix A.1). */
  readonly stringTag: typeof Tag.utf8String | typeof Tag.printableString | typeof Tag.ia5String;
  /** Fewest and most characters (RFC 5280 Appendix A.1, upper bounds). */
  readonly length: readonly [number, number];
}

/** The attribute types of a name that are known by their X.520 names. */
const rows = {
  commonName: { oid: '2.5.4.3', shortName: 'CN', stringTag: Tag.utf8String, length: [1, 64] },
  surname: { oid: '2.5.4.4', shortName: 'sn', stringTag: Tag.utf8String, length: [1, 32768] },
  serialNumber: { oid: '2.5.4.5', shortName: 'serialNumber', stringTag: Tag.printableString, length: [1, 64] },
  countryName: { oid: '2.5.4.6', shortName: 'C', stringTag: Tag.printableString, length: [2, 2] },
  localityName: { oid: '2.5.4.7', shortName: 'L', stringTag: Tag.utf8String, length: [1, 128] },
  stateOrProvinceName: { oid: '2.5.4.8', shortName: 'ST', stringTag: Tag.utf8String, length: [1, 128] },
  streetAddress: { oid: '2.5.4.9', shortName: 'STREET', stringTag: Tag.utf8String, length: [1, 128] },
  organizationName: { oid: '2.5.4.10', shortName: 'O', stringTag: Tag.utf8String, length: [1, 64] },
  organizationalUnitName: { oid: '2.5.4.11', shortName: 'OU', stringTag: Tag.utf8String, length: [1, 64] },
  title: { oid: '2.5.4.12', shortName: 'title', stringTag: Tag.utf8String, length: [1, 64] },
  postalCode: { oid: '2.5.4.17', shortName: 'postalCode', stringTag: Tag.utf8String, length: [1, 40] },
  givenName: { oid: '2.5.4.42', shortName: 'givenName', stringTag: Tag.utf8String, length: [1, 32768] },
  dnQualifier: { oid: '2.5.4.46', shortName: 'dnQualifier', stringTag: Tag.printableString, length: [1, 64] },
  organizationIdentifier: {
    oid: '2.5.4.97',
    shortName: 'organizationIdentifier',
    stringTag: Tag.utf8String,
    length: [1, 256],
  },
  userId: { oid: '0.9.2342.19200300.100.1.1', shortName: 'UID', stringTag: Tag.utf8String, length: [1, 256] },
  domainComponent: { oid: '0.9.2342.19200300.100.1.25', shortName: 'DC', stringTag: Tag.ia5String, length: [1, 63] },
  emailAddress: {
    oid: '1.2.840.113549.1.9.1',
    shortName: 'emailAddress',
    stringTag: Tag.ia5String,
    length: [1, 255],
  },
} as const satisfies Record<string, AttributeTypeRow>;

/** X.520 name of an attribute type, for example `commonName`. */
export type AttributeTypeName = keyof typeof rows;

const byName = new Map<string, AttributeTypeRow>(Object.entries(rows));
const byOid = new Map<Oid, AttributeTypeRow>(Object.values(rows).map((row) => [row.oid, row]));

/** The row of a type given by its X.520 name or its OID. */
export function attributeType(nameOrOid: string): AttributeTypeRow | undefined {
  return byName.get(nameOrOid) ?? byOid.get(nameOrOid);
}
