import type { Oid } from '@vcc-pki/asn1';
import { accessMethod, anyPolicy, extensionId, kekKeyPurposeId, keyPurposeId, ocspExtensionId } from '@vcc-pki/x509';

/** Extensions that are met in certificates and whose values are not taken apart here. */
const foreignExtensions: ReadonlyMap<Oid, string> = new Map([
  // RFC 6962 s3.3, RFC 9345 s4.2
  ['1.3.6.1.4.1.11129.2.4.2', 'signedCertificateTimestampList'],
  ['1.3.6.1.4.1.11129.2.4.3', 'ctPoison'],
  ['1.3.6.1.4.1.44363.44', 'delegationUsage'],
  ['2.5.29.9', 'subjectDirectoryAttributes'],
  ['2.5.29.16', 'privateKeyUsagePeriod'],
  ['1.3.6.1.5.5.7.1.3', 'qcStatements'],
  ['2.16.840.1.113730.1.1', 'netscapeCertType'],
  ['2.16.840.1.113730.1.13', 'netscapeComment'],
  ['1.3.6.1.4.1.311.20.2', 'microsoftCertificateTemplateName'],
  ['1.3.6.1.4.1.311.21.1', 'microsoftCaVersion'],
  ['1.3.6.1.4.1.311.21.7', 'microsoftCertificateTemplate'],
]);

const extensionNames: ReadonlyMap<Oid, string> = new Map([
  ...entriesByOid(extensionId),
  ...entriesByOid(ocspExtensionId),
  ...foreignExtensions,
]);

/** RFC name of an extension; `undefined` when it has none here. */
export function extensionName(id: Oid): string | undefined {
  return extensionNames.get(id);
}

/** Purposes in words, by the OIDs of extKeyUsage. */
const purposes: ReadonlyMap<Oid, string> = new Map([
  [keyPurposeId.serverAuth, 'serverAuth (TLS server)'],
  [keyPurposeId.clientAuth, 'clientAuth (TLS client)'],
  [keyPurposeId.codeSigning, 'codeSigning (signed programs)'],
  [keyPurposeId.emailProtection, 'emailProtection (S/MIME)'],
  [keyPurposeId.timeStamping, 'timeStamping'],
  [keyPurposeId.OCSPSigning, 'OCSPSigning (answers about revocation)'],
  [keyPurposeId.anyExtendedKeyUsage, 'anyExtendedKeyUsage (every purpose)'],
  [kekKeyPurposeId, 'KEK (key encryption key of VCC)'],
]);

/** A purpose of extKeyUsage in words, or its OID. */
export function purposeText(id: Oid): string {
  return purposes.get(id) ?? id;
}

const accessMethods: ReadonlyMap<Oid, string> = new Map([
  [accessMethod.ocsp, 'OCSP responder'],
  [accessMethod.caIssuers, "issuer's certificate"],
  [accessMethod.timeStamping, 'time stamps'],
  [accessMethod.caRepository, 'repository of the CA'],
]);

/** What is to be had at a location of authorityInfoAccess or subjectInfoAccess, or the OID. */
export function accessMethodText(id: Oid): string {
  return accessMethods.get(id) ?? id;
}

/** A certificate policy: `any policy`, or its OID. */
export function policyText(id: Oid): string {
  return id === anyPolicy ? 'any policy' : id;
}

function entriesByOid(ids: Readonly<Record<string, Oid>>): [Oid, string][] {
  return Object.entries(ids).map(([name, id]) => [id, name]);
}
