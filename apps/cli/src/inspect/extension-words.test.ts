import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, encodeNull } from '@vcc-pki/asn1';
import {
  accessMethod,
  anyPolicy,
  encodeAuthorityInfoAccess,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCertificateIssuer,
  encodeCertificatePolicies,
  encodeCRLDistributionPoints,
  encodeCRLNumber,
  encodeExtKeyUsage,
  encodeInhibitAnyPolicy,
  encodeInvalidityDate,
  encodeIssuerAltName,
  encodeIssuingDistributionPoint,
  encodeKeyUsage,
  encodeName,
  encodeNameConstraints,
  encodeNoRevAvail,
  encodeOcspNoCheck,
  encodeOcspNonce,
  encodePolicyConstraints,
  encodePolicyMappings,
  encodeReasonCode,
  encodeSubjectAltName,
  encodeSubjectInfoAccess,
  encodeSubjectKeyIdentifier,
  encodeTlsFeature,
  extensionId,
  type GeneralName,
  ipAddressFromText,
  ipNetworkFromText,
  kekKeyPurposeId,
  keyPurposeId,
  ocspExtensionId,
  parseName,
} from '@vcc-pki/x509';
import { decodeInWords } from './extension-words.ts';
import { extensionName } from './oid-names.ts';

const url: GeneralName = { type: 'uniformResourceIdentifier', value: 'http://pki/ca.crl' };
const directoryName: GeneralName = {
  type: 'directoryName',
  value: parseName(encodeName([{ type: 'commonName', value: 'Other CA' }])),
};
const names: readonly GeneralName[] = [
  { type: 'dNSName', value: 'a.b' },
  { type: 'iPAddress', value: ipAddressFromText('2001:db8::1') },
  { type: 'rfc822Name', value: 'a@b' },
  { type: 'registeredID', value: '1.2.3' },
  { type: 'otherName', typeId: '1.2.4', value: encodeNull() },
  directoryName,
];
const nameLines = ['DNS:a.b', 'IP:2001:db8::1', 'email:a@b', 'OID:1.2.3', 'other:1.2.4:0500', 'name:CN=Other CA'];
const point = { distributionPoint: { type: 'fullName', names: [url] } } as const;
const scope = {
  ...point,
  onlyContainsUserCerts: true,
  onlyContainsCACerts: false,
  onlySomeReasons: ['keyCompromise'],
  indirectCRL: true,
  onlyContainsAttributeCerts: false,
} as const;

/** Every extension that this PKI knows by name, so that none is left to hexadecimal. */
const cases: Record<keyof typeof extensionId, readonly [value: Uint8Array, lines: readonly string[]]> = {
  subjectKeyIdentifier: [encodeSubjectKeyIdentifier(Uint8Array.of(1, 255)), ['01ff']],
  keyUsage: [encodeKeyUsage(['keyCertSign', 'cRLSign']), ['keyCertSign (signs certificates)', 'cRLSign (signs CRLs)']],
  subjectAltName: [encodeSubjectAltName(names), nameLines],
  issuerAltName: [encodeIssuerAltName(names), nameLines],
  certificateIssuer: [encodeCertificateIssuer(names), nameLines],
  basicConstraints: [encodeBasicConstraints({ cA: true, pathLenConstraint: 1 }), ['a CA; at most 1 CA below it']],
  nameConstraints: [
    encodeNameConstraints({
      permittedSubtrees: [{ type: 'dNSName', value: 'vcc.local' }],
      excludedSubtrees: [{ type: 'iPAddress', value: ipNetworkFromText('10.0.0.0/8') }],
    }),
    ['permitted DNS:vcc.local', 'excluded IP:10.0.0.0/8'],
  ],
  cRLDistributionPoints: [
    encodeCRLDistributionPoints([{ ...point, reasons: ['keyCompromise'], cRLIssuer: [directoryName] }]),
    ['URI:http://pki/ca.crl for the reasons keyCompromise issued by name:CN=Other CA'],
  ],
  freshestCRL: [encodeCRLDistributionPoints([point]), ['URI:http://pki/ca.crl']],
  certificatePolicies: [
    encodeCertificatePolicies([
      { policyIdentifier: anyPolicy, policyQualifiers: [] },
      { policyIdentifier: '1.2.5', policyQualifiers: [] },
    ]),
    ['any policy', '1.2.5'],
  ],
  policyMappings: [
    encodePolicyMappings([{ issuerDomainPolicy: '1.2.5', subjectDomainPolicy: '1.2.6' }]),
    ['1.2.5 is 1.2.6 below it'],
  ],
  policyConstraints: [
    encodePolicyConstraints({ requireExplicitPolicy: 0, inhibitPolicyMapping: 1 }),
    ['an accepted policy is required after 0 more CAs', 'policies are no longer mapped after 1 more CA'],
  ],
  inhibitAnyPolicy: [encodeInhibitAnyPolicy(2), ['"any policy" no longer counts after 2 more CAs']],
  authorityKeyIdentifier: [
    encodeAuthorityKeyIdentifier({
      keyIdentifier: Uint8Array.of(2),
      authorityCertIssuer: [directoryName],
      authorityCertSerialNumber: Uint8Array.of(9),
    }),
    ['02', "issuer of the CA's certificate name:CN=Other CA", "serial number of the CA's certificate 09"],
  ],
  extKeyUsage: [
    encodeExtKeyUsage([keyPurposeId.serverAuth, kekKeyPurposeId, '1.2.7']),
    ['serverAuth (TLS server)', 'KEK (key encryption key of VCC)', '1.2.7'],
  ],
  authorityInfoAccess: [
    encodeAuthorityInfoAccess([{ accessMethod: accessMethod.ocsp, accessLocation: url }]),
    ['OCSP responder URI:http://pki/ca.crl'],
  ],
  subjectInfoAccess: [
    encodeSubjectInfoAccess([{ accessMethod: accessMethod.caRepository, accessLocation: url }]),
    ['repository of the CA URI:http://pki/ca.crl'],
  ],
  noRevAvail: [encodeNoRevAvail(), ['nothing will ever be published about its revocation']],
  tlsFeature: [encodeTlsFeature([5, 17]), ['must staple an OCSP response (status_request)', 'TLS extension 17']],
  ocspNoCheck: [encodeOcspNoCheck(), ['the revocation of this OCSP responder is not looked up']],
  cRLNumber: [encodeCRLNumber(2n ** 70n), ['1180591620717411303424']],
  deltaCRLIndicator: [encodeCRLNumber(7), ['changes since the CRL number 7']],
  issuingDistributionPoint: [
    encodeIssuingDistributionPoint(scope),
    [
      'URI:http://pki/ca.crl',
      'only certificates that are no CAs',
      'only the reasons keyCompromise',
      'certificates of other issuers too',
    ],
  ],
  reasonCode: [encodeReasonCode('keyCompromise'), ['keyCompromise']],
  invalidityDate: [encodeInvalidityDate(Date.UTC(2026, 1, 3)), ['invalid since 2026-02-03T00:00:00Z']],
};

for (const [name, [value, lines]] of Object.entries(cases)) {
  const id = extensionId[name as keyof typeof extensionId];
  test(`${name} is told in words`, () => {
    assert.equal(extensionName(id), name);
    assert.deepEqual(decodeInWords(id, value)?.lines, lines);
  });

  test(`a malformed ${name} is a DerError`, () => {
    assert.throws(() => decodeInWords(id, Uint8Array.of(0x31, 0x00)), DerError);
  });
}

test('a nonce is told in hexadecimal, and an unknown extension is nobody', () => {
  assert.deepEqual(decodeInWords(ocspExtensionId.nonce, encodeOcspNonce(Uint8Array.of(7)))?.lines, ['07']);
  assert.equal(decodeInWords('1.2.3.4', encodeNull()), undefined);
});
