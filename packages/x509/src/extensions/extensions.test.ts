import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, fromHex, toHex } from '@vcc-pki/asn1';
import {
  type DistributionPoint,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCRLDistributionPoints,
  encodeCRLNumber,
  encodeIssuingDistributionPoint,
  encodeKeyUsage,
  encodeName,
  encodeNameConstraints,
  encodePolicyConstraints,
  encodeReasonCode,
  type GeneralName,
  type KeyUsage,
  parseAuthorityInfoAccess,
  parseAuthorityKeyIdentifier,
  parseBasicConstraints,
  parseCertificatePolicies,
  parseCRLDistributionPoints,
  parseCRLNumber,
  parseExtKeyUsage,
  parseInhibitAnyPolicy,
  parseInvalidityDate,
  parseIssuingDistributionPoint,
  parseKeyUsage,
  parseName,
  parseNameConstraints,
  parseNoRevAvail,
  parseOcspNoCheck,
  parsePolicyConstraints,
  parsePolicyMappings,
  parseReasonCode,
  parseSubjectAltName,
  parseSubjectKeyIdentifier,
  parseTlsFeature,
  type RevocationReason,
  revocationReasons,
} from '../index.ts';

/** Values that each parser must refuse. */
const refused: readonly [(value: Uint8Array) => unknown, readonly string[]][] = [
  // Nothing; octets after it; FALSE, the default; TRUE that is not FF; a negative, a padded and a second limit.
  [
    parseBasicConstraints,
    ['', '300000', '3003010100', '3003010101', '30060101ff0201ff', '30070101ff02020001', '30090101ff020100020100'],
  ],
  // Not bits; no bit; none set; trailing zero bits; a tenth bit; a zero octet after the last bit.
  [parseKeyUsage, ['0500', '030100', '03020000', '03020680', '030306ff40', '0303078000']],
  [parseExtKeyUsage, ['3000', '30020500', '0603550403']],
  [parseSubjectAltName, ['3000', '3003820180', '30068704010203', '3003990161']],
  [parseSubjectKeyIdentifier, ['3000', '040100ff']],
  // Issuer without serial number, and the other way round; fields out of order.
  [parseAuthorityKeyIdentifier, ['3005a103820161', '3003820101', '3006820101800101', '300a820101a103820161']],
  // No point; a point that says nothing; empty fullName; reasons alone.
  [parseCRLDistributionPoints, ['3000', '30023000', '30063004a002a000', '3006300481020780', '30083006a004a2028200']],
  [parseAuthorityInfoAccess, ['3000', '30023000', '300c300a06082b06010505073001']],
  // Neither list; an empty list; minimum that is there; an address without a mask.
  [parseNameConstraints, ['3000', '3002a000', '300aa0083006820161800100', '300aa0083006870401020304']],
  // No policy; a policy twice; an empty list of qualifiers.
  [parseCertificatePolicies, ['3000', '300c300406022a03300406022a03', '3008300606022a033000']],
  [parsePolicyMappings, ['3000', '3006300406022a03']],
  [parsePolicyConstraints, ['3000', '30038001ff', '3006810100800100']],
  [parseInhibitAnyPolicy, ['0201ff', '3000']],
  [parseOcspNoCheck, ['', '050100', '3000']],
  [parseNoRevAvail, ['', '050100', '3000']],
  [parseTlsFeature, ['3000', '30030201ff', '30050203010000']],
  [parseCRLNumber, ['0201ff', `0215${'01'.repeat(21)}`, '']],
  // Empty; FALSE; TRUE as 01; two kinds at once.
  [parseIssuingDistributionPoint, ['3000', '3003810100', '3003810101', '30068101ff8201ff']],
  [parseReasonCode, ['0a0107', '0a010b', '020101', '0a01ff']],
  [parseInvalidityDate, ['170d3236303130313030303030305a', '180f32303236303133323030303030305a']],
];

test('every extension refuses what breaks its rules', () => {
  for (const [parse, values] of refused) {
    for (const hex of values) assert.throws(() => parse(fromHex(hex)), DerError, `${parse.name} ${hex}`);
  }
});

const uri: GeneralName = { type: 'uniformResourceIdentifier', value: 'http://a/' };

test('known encodings', () => {
  const known: readonly [Uint8Array, string][] = [
    [encodeBasicConstraints({ cA: false }), '3000'],
    [encodeBasicConstraints({ cA: true, pathLenConstraint: 0 }), '30060101ff020100'],
    [encodeKeyUsage(['digitalSignature']), '03020780'],
    [encodeKeyUsage(['keyCertSign', 'cRLSign']), '03020106'],
    [encodeKeyUsage(['decipherOnly']), '0303070080'],
    [encodeReasonCode('privilegeWithdrawn'), '0a0109'],
    [encodeCRLNumber(255), '020200ff'],
    [encodeIssuingDistributionPoint({ indirectCRL: true, onlySomeReasons: ['keyCompromise'] }), '300783020640 8401ff'],
    [encodePolicyConstraints({ requireExplicitPolicy: 0 }), '3003800100'],
    [encodeAuthorityKeyIdentifier({ keyIdentifier: fromHex('0102') }), '300480020102'],
  ];
  for (const [encoded, hex] of known) assert.equal(toHex(encoded), hex.replace(' ', ''));
});

test('keyUsage: every bit keeps its name', () => {
  const all: KeyUsage[] = [
    ...(['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement'] as const),
    ...(['keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'] as const),
  ];
  for (const usage of all) assert.deepEqual(parseKeyUsage(encodeKeyUsage([usage])), [usage]);
  assert.deepEqual(parseKeyUsage(encodeKeyUsage(all)), all);
  assert.throws(() => encodeKeyUsage(['toString' as KeyUsage]), RangeError);
});

test('reasons: names and codes of RFC 5280 s5.3.1', () => {
  for (const [reason, code] of Object.entries(revocationReasons)) {
    assert.equal(toHex(encodeReasonCode(reason as RevocationReason)), `0a01${code.toString(16).padStart(2, '0')}`);
    assert.equal(parseReasonCode(encodeReasonCode(reason as RevocationReason)), reason);
  }
});

test('distribution points of every form survive encoding and parsing', () => {
  const [rdn = []] = parseName(encodeName([{ type: 'commonName', value: 'x' }])).rdns;
  const points: DistributionPoint[] = [
    { distributionPoint: { type: 'fullName', names: [uri, uri] } },
    { distributionPoint: { type: 'nameRelativeToCRLIssuer', rdn }, reasons: ['keyCompromise', 'aACompromise'] },
    { cRLIssuer: [uri] },
  ];
  assert.deepEqual(parseCRLDistributionPoints(encodeCRLDistributionPoints(points)), points);
  const scope = {
    distributionPoint: { type: 'nameRelativeToCRLIssuer', rdn },
    onlyContainsUserCerts: false,
    onlyContainsCACerts: true,
    onlySomeReasons: ['superseded', 'certificateHold'],
    indirectCRL: true,
    onlyContainsAttributeCerts: false,
  } as const;
  assert.deepEqual(parseIssuingDistributionPoint(encodeIssuingDistributionPoint(scope)), scope);
});

test('CRL numbers of up to 20 octets', () => {
  for (const number of [0n, 127n, 128n, 2n ** 64n, 2n ** 159n - 1n]) {
    assert.equal(parseCRLNumber(encodeCRLNumber(number)), number);
  }
});

test('constraints that constrain nothing are not encoded', () => {
  assert.throws(() => encodeNameConstraints({ permittedSubtrees: [], excludedSubtrees: [] }), RangeError);
  assert.throws(() => encodePolicyConstraints({}), RangeError);
});
