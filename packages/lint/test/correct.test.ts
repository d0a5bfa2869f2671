import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { type Der, encodeInteger, encodeTime } from '@vcc-pki/asn1';
import { lintCertificate, lintCertificateRequest, lintCrl } from '@vcc-pki/lint';
import {
  at,
  type CertificateParts,
  ed25519Leaf,
  encodeCertificate,
  intermediate,
  kek,
  leaf,
  mlDsaLeaf,
  neverRevokedLeaf,
  ocspResponder,
  root,
  rsaLeaf,
} from './base-certificates.ts';
import { type CrlParts, deltaCrl, emptyCrl, encodeCrl, entry, fullCrl, reason, revokedAt } from './base-crls.ts';
import { encodeRequest, extensionList, extensionRequest, type RequestParts, request } from './base-requests.ts';
import { algorithm, ed25519Key, pss, rsaKey, rsaKeyOf, signatures, spki } from './keys.ts';
import { cn, dns, email, ip, name, subjectAltName, uri, withExtensions } from './parts.ts';

const named = (commonName: string, ...names: readonly Der[]): CertificateParts => ({
  ...leaf,
  subject: name(cn(commonName)),
  extensions: withExtensions(leaf.extensions ?? [], [subjectAltName(...names)]),
});

const certificates: Record<string, CertificateParts> = {
  'ECDSA leaf': leaf,
  'RSA leaf': rsaLeaf,
  'RSA-4096 leaf': { ...rsaLeaf, publicKey: rsaKeyOf(4096) },
  'leaf signed with RSASSA-PSS': { ...rsaLeaf, tbsAlgorithm: pss(32), algorithm: pss(32) },
  'Ed25519 leaf': ed25519Leaf,
  'ML-DSA leaf': mlDsaLeaf,
  'leaf never revoked': neverRevokedLeaf,
  'leaf of exactly 398 days': { ...leaf, notAfter: encodeTime(at('2027-11-03') - 1000) },
  'leaf past 2049': { ...leaf, notBefore: encodeTime(at('2049-12-01')), notAfter: encodeTime(at('2050-02-01')) },
  'leaf with a serial of 20 octets': { ...leaf, serialNumber: encodeInteger(new Uint8Array(20).fill(0x7f)) },
  'leaf with a wildcard': named('*.vcc.local', dns('*.vcc.local'), dns('xn--bcher-kva.vcc.local')),
  'leaf named by address': named('2001:db8::1', ip(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
  'leaf named by IPv4': named('10.0.0.1', ip(10, 0, 0, 1)),
  'leaf with mail and URIs': named(
    'ops@vcc.local',
    email('ops@vcc.local'),
    uri('urn:vcc:a'),
    uri('https://[::1]:8443/a'),
  ),
  'KEK with X25519': kek,
  'KEK with P-256': { ...kek, publicKey: leaf.publicKey },
  'KEK with X-Wing': { ...kek, publicKey: spki(algorithm('1.3.6.1.4.1.62253.25722'), new Uint8Array(1216)) },
  'OCSP responder': ocspResponder,
  intermediate,
  root,
};

const crls: Record<string, CrlParts> = {
  'empty CRL': emptyCrl,
  'CRL with entries': fullCrl,
  'delta CRL': deltaCrl,
  'CRL of 1,000 entries': {
    ...fullCrl,
    entries: Array.from({ length: 1000 }, (_, i) =>
      entry(encodeInteger(2n ** 80n + BigInt(i)), revokedAt, [reason(5)]),
    ),
  },
};

const requests: Record<string, RequestParts> = {
  'ECDSA request': request,
  'RSA request': { ...request, publicKey: rsaKey, algorithm: signatures.rsaSha256 },
  'Ed25519 request': { ...request, publicKey: ed25519Key, algorithm: signatures.ed25519 },
  'request without attributes': { ...request, attributes: [] },
  'request without subject': { ...request, subject: name() },
  'request for several names': {
    ...request,
    attributes: [extensionRequest(extensionList(subjectAltName(dns('a.vcc.local'), ip(10, 0, 0, 1))))],
  },
};

for (const [what, parts] of Object.entries(certificates)) {
  test(`nothing is wrong with: ${what}`, () => {
    const der = encodeCertificate(parts);
    assert.deepEqual(lintCertificate(der), []);
    // A judge from outside: what this package holds for correct, OpenSSL reads too, and sees the same kind of certificate.
    assert.equal(new X509Certificate(der).ca, parts === intermediate || parts === root);
  });
}

for (const [what, parts] of Object.entries(crls)) {
  test(`nothing is wrong with: ${what}`, () => assert.deepEqual(lintCrl(encodeCrl(parts)), []));
}

for (const [what, parts] of Object.entries(requests)) {
  test(`nothing is wrong with: ${what}`, () => assert.deepEqual(lintCertificateRequest(encodeRequest(parts)), []));
}
