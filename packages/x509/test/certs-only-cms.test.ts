import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, encodeElement, encodePem, parsePem } from '@vcc-pki/asn1';
import { encodeCertsOnlyCms, parseCertsOnlyCms } from '@vcc-pki/x509';
import { makeKey } from './support/keys.ts';
import { OpensslFolder } from './support/openssl.ts';
import { makeCertificate } from './support/samples.ts';

const certificates = ['P-256', 'Ed25519', 'P-384'].map((type) => makeCertificate(makeKey(type as 'P-256')));

test('openssl prints the certificates in the given order', () => {
  using folder = new OpensslFolder();
  folder.write('c.p7b', encodeCertsOnlyCms(certificates));
  const printed = folder.run('pkcs7', '-inform', 'der', '-in', 'c.p7b', '-print_certs');
  assert.deepEqual(
    parsePem(printed).map(({ der }) => der),
    certificates,
  );
  folder.write('c.pem', encodePem('PKCS7', encodeCertsOnlyCms([])));
  assert.equal(folder.run('pkcs7', '-in', 'c.pem', '-print_certs').trim(), '');
});

test('what openssl makes is parsed', () => {
  using folder = new OpensslFolder();
  folder.write('c.pem', certificates.map((der) => encodePem('CERTIFICATE', der)).join(''));
  folder.run('crl2pkcs7', '-nocrl', '-certfile', 'c.pem', '-outform', 'der', '-out', 'c.p7b');
  assert.deepEqual(parseCertsOnlyCms(folder.read('c.p7b')), certificates);
});

test('a message that signs something, or is no SignedData, is refused', () => {
  using folder = new OpensslFolder();
  folder.run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem', '-subj', '/CN=a');
  folder.write('data', 'x');
  folder.run(...'cms -sign -in data -signer c.pem -inkey k.pem -outform der -out s.p7b'.split(' '));
  folder.run(...'cms -data_create -in data -outform der -out d.p7b'.split(' '));
  assert.throws(() => parseCertsOnlyCms(folder.read('s.p7b')), { code: 'invalidStructure' });
  assert.throws(() => parseCertsOnlyCms(folder.read('d.p7b')), { code: 'invalidStructure' });
  assert.throws(() => parseCertsOnlyCms(encodeElement(0x30)), DerError);
});
