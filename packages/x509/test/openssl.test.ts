// The real openssl command reads what is made here, and what it makes is read here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePem, fromHex, parsePem, toHex } from '@vcc-pki/asn1';
import {
  assembleCertificate,
  decodeExtension,
  extensionId,
  formatName,
  keyIdentifier,
  parseAuthorityKeyIdentifier,
  parseBasicConstraints,
  parseCertificate,
  parseCertificateList,
  parseCertificateRequest,
  parseCRLNumber,
  parseExtKeyUsage,
  parseKeyUsage,
  parseReasonCode,
  parseSubjectAltName,
  parseSubjectKeyIdentifier,
  serialFromHex,
  serialToHex,
  signatureAlgorithmOf,
  verifyCertificateRequest,
  verifySignature,
} from '@vcc-pki/x509';
import { keyTypes, makeKey } from './support/keys.ts';
import { OpensslFolder } from './support/openssl.ts';
import {
  caExtensions,
  caName,
  makeCertificate,
  makeCertificateList,
  makeCertificateRequest,
  notAfter,
  notBefore,
} from './support/samples.ts';

/** Asserts that text which openssl printed has `expected` in it, whatever the white space: versions lay it out differently. */
function assertShows(text: string, expected: string): void {
  const compact = (lines: string): string => lines.replaceAll(/\s+/g, '');
  assert.ok(compact(text).includes(compact(expected)), `${expected}\n\nis not in\n\n${text}`);
}

// The openssl command here is 3.0, which does not know ML-DSA (3.5 does).
const classicKeyTypes = keyTypes.filter((type) => !type.startsWith('ML-DSA'));

for (const type of keyTypes) {
  test(`${type}: what is built and signed is parsed and verifies`, async () => {
    const key = makeKey(type);
    const certificate = parseCertificate(makeCertificate(key));
    assert.deepEqual(assembleCertificate(certificate.tbsDer, certificate.signature), certificate.der);
    const crl = parseCertificateList(makeCertificateList(key, ['keyCompromise']));
    assert.equal(signatureAlgorithmOf(certificate.signatureAlgorithm), key.algorithm);
    const signatures = [
      { data: certificate.tbsDer, signature: certificate.signature },
      { data: crl.tbsDer, signature: crl.signature },
    ];
    for (const { data, signature } of signatures) {
      const input = { algorithm: key.algorithm, publicKey: key.spki, data, signature };
      assert.equal(await verifySignature(input), true);
      assert.equal(await verifySignature({ ...input, data: data.subarray(1) }), false);
    }
    assert.equal(await verifyCertificateRequest(parseCertificateRequest(makeCertificateRequest(key))), true);
  });
}

for (const type of classicKeyTypes) {
  test(`${type}: openssl reads and verifies certificate, request and CRL`, () => {
    using folder = new OpensslFolder();
    const key = makeKey(type);
    folder.write('ca.pem', encodePem('CERTIFICATE', makeCertificate(key, caExtensions(key))));
    folder.write('r.pem', encodePem('CERTIFICATE REQUEST', makeCertificateRequest(key)));
    folder.write('crl.pem', encodePem('X509 CRL', makeCertificateList(key, ['superseded'])));
    assert.match(
      folder.run('verify', '-CAfile', 'ca.pem', '-check_ss_sig', '-attime', String(notBefore / 1000), 'ca.pem'),
      /OK/,
    );
    folder.run('req', '-in', 'r.pem', '-noout', '-verify');
    folder.run('crl', '-in', 'crl.pem', '-noout', '-verify', '-CAfile', 'ca.pem');
  });
}

test('openssl sees every extension as it was meant', () => {
  using folder = new OpensslFolder();
  const key = makeKey();
  folder.write('c.der', makeCertificate(key));
  const text = folder.run(
    ...['x509', '-inform', 'der', '-in', 'c.der', '-noout', '-text', '-nameopt', 'RFC2253,utf8,-esc_msb'],
  );
  for (const expected of [
    'Serial Number: f0:0d:00:00:00:00:00:00:00:00:00:00:00:00:00:01',
    'Issuer: CN=Test CA,O=VCC\\, Müller & Söhne,C=DE',
    'Not Before: Jan  1 00:00:00 2026 GMT',
    'Not After : Jan  1 00:00:00 2051 GMT',
    'Basic Constraints: critical CA:TRUE, pathlen:1',
    'Key Usage: critical Certificate Sign, CRL Sign, Decipher Only',
    'TLS Web Server Authentication, OCSP Signing',
    'othername: UPN::user, email:a@vcc.local, DNS:veritas-backend.vcc.local, DirName:',
    'URI:spiffe://vcc.local/veritas-backend, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, Registered ID:1.2.3.4',
    'serial:C0:FF:EE',
    'Reasons: Key Compromise, AA Compromise',
    'Relative Name: CN=shard 1',
    'CRL Issuer:',
    'Freshest CRL',
    'CA Issuers - URI:http://pki.vcc.local/ca.crl',
    'CA Repository - URI:http://pki.vcc.local/ca.crl',
    'Name Constraints: critical Permitted: DNS:vcc.local IP:10.0.0.0/255.0.0.0',
    'Policy: X509v3 Any Policy',
    'Policy: 1.3.6.1.4.1.99999.1 CPS: http:/',
    '1.2.3.1:1.2.3.2',
    'Require Explicit Policy:0, Inhibit Policy Mapping:300',
    'X509v3 Inhibit Any Policy: critical 2',
    'OCSP No Check',
    'status_request',
  ]) {
    assertShows(text, expected);
  }
});

test('openssl sees every CRL entry and extension as it was meant', () => {
  using folder = new OpensslFolder();
  const key = makeKey();
  folder.write('c.der', makeCertificateList(key, ['unspecified', 'keyCompromise', 'privilegeWithdrawn']));
  const text = folder.run('crl', '-inform', 'der', '-in', 'c.der', '-noout', '-text');
  for (const expected of [
    'Next Update: Jan  1 00:00:00 2051 GMT',
    'Issuing Distribution Point: critical Full Name: URI:http://pki.vcc.local/ca.crl',
    'Serial Number: 01 Revocation Date: Dec 31 23:59:59 2025 GMT Serial Number: 02',
    'Key Compromise Invalidity Date: Jun  1 00:00:00 2025 GMT',
    'Privilege Withdrawn',
  ]) {
    assertShows(text, expected);
  }
  folder.write('empty.der', makeCertificateList(key, []));
  assert.match(folder.run('crl', '-inform', 'der', '-in', 'empty.der', '-noout', '-text'), /No Revoked Certificates/);
  assert.doesNotMatch(folder.run('asn1parse', '-inform', 'der', '-in', 'empty.der'), /hl=2 l= {3}0 cons: SEQUENCE/);
});

test('a certificate that openssl made', () => {
  using folder = new OpensslFolder();
  folder.run(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem', '-days', '30', '-sha384'],
    ...['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest', '-set_serial', '0x8001'],
    ...['-subj', '/C=DE/O=Grün, GmbH/CN=a b', '-utf8', '-addext', 'subjectAltName=DNS:x.vcc.local,IP:::1,URI:urn:x'],
    ...['-addext', 'keyUsage=critical,digitalSignature,keyCertSign', '-addext', 'extendedKeyUsage=clientAuth'],
  );
  const [block] = parsePem(new TextDecoder().decode(folder.read('c.pem')));
  const certificate = parseCertificate(block!.der);
  assert.equal(certificate.version, 3);
  assert.equal(serialToHex(certificate.serialNumber), '8001');
  assert.equal(formatName(certificate.subject), 'CN=a b,O=Grün\\, GmbH,C=DE');
  assert.deepEqual(certificate.issuer.der, certificate.subject.der);
  assert.equal(certificate.validity.notAfter - certificate.validity.notBefore, 30 * 86_400_000);
  assert.equal(signatureAlgorithmOf(certificate.signatureAlgorithm), 'rsassaPss-SHA384');
  assert.deepEqual(assembleCertificate(certificate.tbsDer, certificate.signature), certificate.der);
  const { extensions } = certificate;
  assert.deepEqual(decodeExtension(extensions, extensionId.subjectAltName, parseSubjectAltName), [
    { type: 'dNSName', value: 'x.vcc.local' },
    { type: 'iPAddress', value: fromHex('00000000000000000000000000000001') },
    { type: 'uniformResourceIdentifier', value: 'urn:x' },
  ]);
  const keyUsage = decodeExtension(extensions, extensionId.keyUsage, parseKeyUsage);
  assert.deepEqual(keyUsage, ['digitalSignature', 'keyCertSign']);
  assert.deepEqual(decodeExtension(extensions, extensionId.extKeyUsage, parseExtKeyUsage), ['1.3.6.1.5.5.7.3.2']);
  assert.deepEqual(decodeExtension(extensions, extensionId.basicConstraints, parseBasicConstraints), { cA: true });
  const subjectKey = decodeExtension(extensions, extensionId.subjectKeyIdentifier, parseSubjectKeyIdentifier);
  const authorityKey = decodeExtension(extensions, extensionId.authorityKeyIdentifier, parseAuthorityKeyIdentifier);
  assert.deepEqual(authorityKey, { keyIdentifier: subjectKey });
});

test('a request that openssl made, with and without its attributes', async () => {
  using folder = new OpensslFolder();
  const base = ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes', '-keyout', 'k.pem'];
  folder.run(...base, '-outform', 'der', '-out', 'a.der', '-subj', '/CN=a', '-addext', 'subjectAltName=DNS:a.b');
  folder.run(...base, '-outform', 'der', '-out', 'b.der', '-subj', '/', '-config', '/dev/null');
  const request = parseCertificateRequest(folder.read('a.der'));
  assert.equal(formatName(request.subject), 'CN=a');
  assert.equal(await verifyCertificateRequest(request), true);
  assert.deepEqual(decodeExtension(request.extensionRequest, extensionId.subjectAltName, parseSubjectAltName), [
    { type: 'dNSName', value: 'a.b' },
  ]);
  const bare = parseCertificateRequest(folder.read('b.der'));
  assert.deepEqual([bare.attributes, bare.extensionRequest, bare.subject.rdns], [[], [], []]);
  assert.equal(await verifyCertificateRequest(bare), true);
});

test('a CRL that openssl made', async () => {
  using folder = new OpensslFolder();
  folder.run('req', '-x509', '-newkey', 'ed25519', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem', '-subj', '/CN=ca');
  folder.write(
    'index',
    'R\t300101000000Z\t260101000000Z,keyCompromise\tFF01\tunknown\t/CN=x\nR\t300101000000Z\t260102000000Z\t02\tunknown\t/CN=y\n',
  );
  folder.write('number', '0A\n');
  folder.write(
    'ca.cnf',
    '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ncrlnumber=number\ndefault_md=default\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n',
  );
  folder.run(
    ...[
      'ca',
      '-gencrl',
      '-config',
      'ca.cnf',
      '-cert',
      'c.pem',
      '-keyfile',
      'k.pem',
      '-crldays',
      '7',
      '-out',
      'crl.pem',
    ],
  );
  const [block] = parsePem(new TextDecoder().decode(folder.read('crl.pem')));
  const crl = parseCertificateList(block!.der);
  assert.equal(decodeExtension(crl.extensions, extensionId.cRLNumber, parseCRLNumber), 10n);
  assert.equal(crl.nextUpdate! - crl.thisUpdate, 7 * 86_400_000);
  assert.deepEqual([...crl.entries()].map(({ serialNumber }) => serialToHex(serialNumber)).sort(), ['02', 'ff01']);
  const entry = crl.findEntry(serialFromHex('ff01'));
  assert.equal(entry?.revocationDate, notBefore);
  assert.equal(decodeExtension(entry?.extensions ?? [], extensionId.reasonCode, parseReasonCode), 'keyCompromise');
  assert.equal(crl.findEntry(serialFromHex('03')), undefined);
});

test('the key identifier is the SHA-256 of the BIT STRING value, cut to 160 bits (RFC 7093 s2)', () => {
  using folder = new OpensslFolder();
  const key = makeKey();
  // P-256: the BIT STRING's value is the last 65 octets.
  folder.write('point', key.spki.subarray(-65));
  const digest = folder.run('dgst', '-sha256', '-r', 'point').slice(0, 40);
  assert.equal(toHex(keyIdentifier(key.spki)), digest);
});

test('what is built comes back from the parser', () => {
  const key = makeKey();
  const certificate = parseCertificate(makeCertificate(key));
  assert.deepEqual(certificate.issuer.der, caName);
  assert.deepEqual(certificate.subjectPublicKeyInfo.der, key.spki);
  assert.deepEqual(certificate.validity, { notBefore, notAfter });
  assert.equal(serialToHex(certificate.serialNumber), 'f00d0000000000000000000000000001');
});
