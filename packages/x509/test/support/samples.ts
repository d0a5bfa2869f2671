import { encodeUtf8String, fromHex } from '@vcc-pki/asn1';
import {
  accessMethod,
  anyPolicy,
  buildCertificationRequestInfo,
  buildTbsCertificate,
  buildTbsCertList,
  type Extension,
  encodeAuthorityInfoAccess,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCertificatePolicies,
  encodeCRLDistributionPoints,
  encodeCRLNumber,
  encodeExtKeyUsage,
  encodeFreshestCRL,
  encodeInhibitAnyPolicy,
  encodeIssuerAltName,
  encodeIssuingDistributionPoint,
  encodeKeyUsage,
  encodeName,
  encodeNameConstraints,
  encodeNoRevAvail,
  encodeOcspNoCheck,
  encodePolicyConstraints,
  encodePolicyMappings,
  encodeRevokedEntry,
  encodeSigned,
  encodeSubjectAltName,
  encodeSubjectInfoAccess,
  encodeSubjectKeyIdentifier,
  encodeTlsFeature,
  extensionId,
  type GeneralName,
  ipNetworkFromText,
  keyIdentifier,
  keyPurposeId,
  parseName,
  type RevocationReason,
  serialFromHex,
} from '@vcc-pki/x509';
import type { TestKey } from './keys.ts';

export const caName = encodeName([
  { type: 'countryName', value: 'DE' },
  { type: 'organizationName', value: 'VCC, Müller & Söhne' },
  { type: 'commonName', value: 'Test CA' },
]);

export const notBefore = Date.UTC(2026, 0, 1);
export const notAfter = Date.UTC(2051, 0, 1);

const allGeneralNames: readonly GeneralName[] = [
  { type: 'otherName', typeId: '1.3.6.1.4.1.311.20.2.3', value: encodeUtf8String('user') },
  { type: 'rfc822Name', value: 'a@vcc.local' },
  { type: 'dNSName', value: 'veritas-backend.vcc.local' },
  { type: 'directoryName', value: parseName(caName) },
  { type: 'uniformResourceIdentifier', value: 'spiffe://vcc.local/veritas-backend' },
  { type: 'iPAddress', value: fromHex('7f000001') },
  { type: 'iPAddress', value: fromHex('20010db8000000000000000000000001') },
  { type: 'registeredID', value: '1.2.3.4' },
];

const crlUri: GeneralName = { type: 'uniformResourceIdentifier', value: 'http://pki.vcc.local/ca.crl' };
const relativeName = parseName(encodeName([{ type: 'commonName', value: 'shard 1' }])).rdns[0] ?? [];

/** One of every certificate extension, as no sane certificate would carry them together. */
function allExtensions(key: TestKey): Extension[] {
  const identifier = keyIdentifier(key.spki);
  const values: [keyof typeof extensionId, boolean, Uint8Array][] = [
    ['basicConstraints', true, encodeBasicConstraints({ cA: true, pathLenConstraint: 1 })],
    ['keyUsage', true, encodeKeyUsage(['keyCertSign', 'cRLSign', 'decipherOnly'])],
    ['extKeyUsage', false, encodeExtKeyUsage([keyPurposeId.serverAuth, keyPurposeId.OCSPSigning])],
    ['subjectAltName', false, encodeSubjectAltName(allGeneralNames)],
    ['issuerAltName', false, encodeIssuerAltName([crlUri])],
    ['subjectKeyIdentifier', false, encodeSubjectKeyIdentifier(identifier)],
    [
      'authorityKeyIdentifier',
      false,
      encodeAuthorityKeyIdentifier({
        keyIdentifier: identifier,
        authorityCertIssuer: [{ type: 'directoryName', value: parseName(caName) }],
        authorityCertSerialNumber: serialFromHex('c0ffee'),
      }),
    ],
    [
      'cRLDistributionPoints',
      false,
      encodeCRLDistributionPoints([
        { distributionPoint: { type: 'fullName', names: [crlUri] }, reasons: ['keyCompromise', 'aACompromise'] },
        {
          distributionPoint: { type: 'nameRelativeToCRLIssuer', rdn: relativeName },
          cRLIssuer: [{ type: 'directoryName', value: parseName(caName) }],
        },
      ]),
    ],
    ['freshestCRL', false, encodeFreshestCRL([{ distributionPoint: { type: 'fullName', names: [crlUri] } }])],
    [
      'authorityInfoAccess',
      false,
      encodeAuthorityInfoAccess([{ accessMethod: accessMethod.caIssuers, accessLocation: crlUri }]),
    ],
    [
      'subjectInfoAccess',
      false,
      encodeSubjectInfoAccess([{ accessMethod: accessMethod.caRepository, accessLocation: crlUri }]),
    ],
    [
      'nameConstraints',
      true,
      encodeNameConstraints({
        permittedSubtrees: [
          { type: 'dNSName', value: 'vcc.local' },
          { type: 'iPAddress', value: ipNetworkFromText('10.0.0.0/8') },
        ],
        excludedSubtrees: [{ type: 'iPAddress', value: ipNetworkFromText('2001:db8::/32') }],
      }),
    ],
    [
      'certificatePolicies',
      false,
      encodeCertificatePolicies([
        { policyIdentifier: anyPolicy, policyQualifiers: [] },
        {
          policyIdentifier: '1.3.6.1.4.1.99999.1',
          policyQualifiers: [{ policyQualifierId: '1.3.6.1.5.5.7.2.1', qualifier: fromHex('1606687474703a2f') }],
        },
      ]),
    ],
    ['policyMappings', true, encodePolicyMappings([{ issuerDomainPolicy: '1.2.3.1', subjectDomainPolicy: '1.2.3.2' }])],
    ['policyConstraints', true, encodePolicyConstraints({ requireExplicitPolicy: 0, inhibitPolicyMapping: 300 })],
    ['inhibitAnyPolicy', true, encodeInhibitAnyPolicy(2)],
    ['ocspNoCheck', false, encodeOcspNoCheck()],
    ['noRevAvail', false, encodeNoRevAvail()],
    ['tlsFeature', false, encodeTlsFeature([5])],
  ];
  return values.map(([name, critical, value]) => ({ id: extensionId[name], critical, value }));
}

/** The extensions of a plain CA certificate. */
export function caExtensions(key: TestKey): Extension[] {
  return allExtensions(key).filter(({ id }) =>
    [extensionId.basicConstraints, extensionId.keyUsage, extensionId.subjectKeyIdentifier].some(
      (plain) => plain === id,
    ),
  );
}

/** A self-signed certificate of `key`, with all extensions unless told otherwise. */
export function makeCertificate(key: TestKey, extensions: readonly Extension[] = allExtensions(key)): Uint8Array {
  const tbs = buildTbsCertificate({
    serialNumber: serialFromHex('f00d0000000000000000000000000001'),
    signatureAlgorithm: key.algorithm,
    issuer: caName,
    validity: { notBefore, notAfter },
    subject: caName,
    subjectPublicKeyInfo: key.spki,
    extensions,
  });
  return encodeSigned(tbs.der, key.algorithm, key.sign(tbs.der));
}

/** A request of `key` for one DNS name. */
export function makeCertificateRequest(key: TestKey): Uint8Array {
  const info = buildCertificationRequestInfo({
    subject: encodeName([{ type: 'commonName', value: 'veritas-backend' }]),
    subjectPublicKeyInfo: key.spki,
    extensions: [
      {
        id: extensionId.subjectAltName,
        critical: false,
        value: encodeSubjectAltName([{ type: 'dNSName', value: 'veritas-backend.vcc.local' }]),
      },
    ],
  });
  return encodeSigned(info, key.algorithm, key.sign(info));
}

/** A CRL of `key` with one entry for each reason; serial numbers count from 1. */
export function makeCertificateList(key: TestKey, reasons: readonly RevocationReason[]): Uint8Array {
  const tbs = buildTbsCertList({
    signatureAlgorithm: key.algorithm,
    issuer: caName,
    thisUpdate: notBefore,
    nextUpdate: notAfter,
    entries: reasons.map((reason, i) =>
      encodeRevokedEntry({
        serialNumber: serialFromHex((i + 1).toString(16)),
        revokedAt: notBefore - 1000,
        reason,
        ...(reason === 'keyCompromise' && { invalidityDate: Date.UTC(2025, 5, 1) }),
      }),
    ),
    extensions: [
      {
        id: extensionId.authorityKeyIdentifier,
        critical: false,
        value: encodeAuthorityKeyIdentifier({ keyIdentifier: keyIdentifier(key.spki) }),
      },
      { id: extensionId.cRLNumber, critical: false, value: encodeCRLNumber(2n ** 64n) },
      {
        id: extensionId.issuingDistributionPoint,
        critical: true,
        value: encodeIssuingDistributionPoint({ distributionPoint: { type: 'fullName', names: [crlUri] } }),
      },
    ],
  });
  return encodeSigned(tbs, key.algorithm, key.sign(tbs));
}
