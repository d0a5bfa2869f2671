// What RFC 5280 and RFC 2986 ask of the frame of a certificate, request or CRL.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DerError,
  encodeBitString,
  encodeBoolean,
  encodeElement,
  encodeExplicit,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  encodeTime,
  fromHex,
  Tag,
} from '@vcc-pki/asn1';
import {
  buildTbsCertificate,
  buildTbsCertList,
  constantExtension,
  type Extension,
  encodeName,
  encodeRevokedEntry,
  encodeSignatureAlgorithm,
  encodeSigned,
  extensionId,
  findExtension,
  parseCertificate,
  parseCertificateList,
  parseCertificateRequest,
  type SerialNumber,
  serialFromHex,
  serialToHex,
} from './index.ts';

const algorithm = encodeSignatureAlgorithm('ed25519');
const name = encodeName([{ type: 'commonName', value: 'x' }]);
const times = encodeSequence(encodeTime(0), encodeTime(1000));
const spki = encodeSequence(encodeSequence(encodeOid('1.3.101.112')), encodeBitString(new Uint8Array(32)));
const extension = (id: string, ...parts: readonly Uint8Array[]): Uint8Array => encodeSequence(encodeOid(id), ...parts);
const one = extension('1.2.3', encodeOctetString(fromHex('0500')));
const v = (n: number): Uint8Array => encodeExplicit(0, encodeInteger(n));
const extensions = (...list: readonly Uint8Array[]): Uint8Array => encodeExplicit(3, encodeSequence(...list));
const signed = (tbs: Uint8Array): Uint8Array => encodeSigned(tbs, 'ed25519', new Uint8Array(64));

const certificate = (version: Uint8Array, ...rest: readonly Uint8Array[]): Uint8Array =>
  signed(encodeSequence(version, encodeInteger(1), algorithm, name, times, name, spki, ...rest));
const none = new Uint8Array(0);

test('certificate versions and the fields they have (RFC 5280 s4.1.2.1)', () => {
  const uniqueId = encodeImplicit(1, fromHex('0001'));
  assert.equal(parseCertificate(certificate(none)).version, 1);
  assert.equal(parseCertificate(certificate(v(1), uniqueId)).version, 2);
  const third = parseCertificate(certificate(v(2), encodeImplicit(2, fromHex('0001')), extensions(one)));
  assert.deepEqual([third.version, third.subjectUniqueId], [3, fromHex('0001')]);
  assert.throws(() => parseCertificate(certificate(none, uniqueId)), { code: 'invalidStructure' });
  assert.throws(() => parseCertificate(certificate(none, extensions(one))), { code: 'invalidStructure' });
  assert.throws(() => parseCertificate(certificate(v(1), extensions(one))), { code: 'invalidStructure' });
  assert.throws(() => parseCertificate(certificate(v(0))), { code: 'outOfRange' });
  assert.throws(() => parseCertificate(certificate(v(3))), { code: 'outOfRange' });
  assert.throws(() => parseCertificate(certificate(v(2), extensions(one), extensions(one))), { code: 'trailingData' });
});

test('extensions: each once, at least one, FALSE left out (RFC 5280 s4.2)', () => {
  const withList = (...list: readonly Uint8Array[]): Uint8Array => certificate(v(2), extensions(...list));
  const critical = extension('1.2.4', encodeBoolean(true), encodeOctetString(fromHex('01')));
  const parsed = parseCertificate(withList(one, critical)).extensions;
  assert.deepEqual(parsed[1], { id: '1.2.4', critical: true, value: fromHex('01') });
  assert.equal(findExtension(parsed, '1.2.3')?.critical, false);
  assert.equal(findExtension(parsed, '1.2.5'), undefined);
  assert.throws(() => parseCertificate(withList(one, critical, one)), { code: 'duplicateExtension' });
  assert.throws(() => parseCertificate(withList()), DerError);
  const explicitFalse = extension('1.2.3', encodeBoolean(false), encodeOctetString(fromHex('01')));
  assert.throws(() => parseCertificate(withList(explicitFalse)), { code: 'invalidValue' });
  const tail = extension('1.2.3', encodeOctetString(fromHex('01')), encodeInteger(1));
  assert.throws(() => parseCertificate(withList(tail)), { code: 'trailingData' });
});

test('the signed and the unsigned algorithm must be the same (RFC 5280 s4.1.1.2)', () => {
  const tbs = encodeSequence(encodeInteger(1), algorithm, name, times, name, spki);
  const other = encodeSigned(tbs, 'ecdsa-with-SHA256', new Uint8Array(64));
  assert.throws(() => parseCertificate(other), { code: 'invalidStructure' });
});

test('serial numbers: read if zero or negative, refused over 20 octets, written only if positive', () => {
  const withSerial = (serial: Uint8Array): Uint8Array =>
    signed(encodeSequence(encodeElement(Tag.integer, serial), algorithm, name, times, name, spki));
  assert.equal(serialToHex(parseCertificate(withSerial(fromHex('00'))).serialNumber), '00');
  assert.equal(serialToHex(parseCertificate(withSerial(fromHex('ff7f'))).serialNumber), '-81');
  assert.throws(() => parseCertificate(withSerial(new Uint8Array(21).fill(1))), { code: 'outOfRange' });
  const build = (serialNumber: SerialNumber): unknown =>
    buildTbsCertificate({
      ...{ serialNumber, signatureAlgorithm: 'ed25519', issuer: name, subject: name, subjectPublicKeyInfo: spki },
      ...{ validity: { notBefore: 0, notAfter: 1000 }, extensions: [] },
    });
  for (const bad of ['', '00', 'ff', '0001', '01'.repeat(21)])
    assert.throws(() => build(fromHex(bad)), RangeError, bad);
  assert.doesNotThrow(() => build(fromHex('00ff')));
});

test('a list of extensions that is empty, or has one twice, is not encoded', () => {
  const item = { id: extensionId.keyUsage, critical: true, value: fromHex('03020780') };
  const build = { signatureAlgorithm: 'ed25519', issuer: name, thisUpdate: 0, nextUpdate: 1, entries: [] } as const;
  assert.throws(() => buildTbsCertList({ ...build, extensions: [item, item] }), RangeError);
  assert.doesNotThrow(() => buildTbsCertList({ ...build, extensions: [] }));
});

test('a constant extension is encoded as any other, and as often as it is used', () => {
  const item = { id: extensionId.keyUsage, critical: true, value: fromHex('03020780') };
  const build = (extension: Extension): Uint8Array =>
    buildTbsCertificate({
      ...{ serialNumber: Uint8Array.of(1), signatureAlgorithm: 'ed25519', issuer: name, subject: name },
      ...{ subjectPublicKeyInfo: spki, validity: { notBefore: 0, notAfter: 1000 }, extensions: [extension] },
    }).der;
  const constant = constantExtension(item);
  assert.deepEqual(constant, item);
  for (const again of [constant, constant]) assert.deepEqual(build(again), build(item));
});

const request = (...attributes: readonly Uint8Array[]): Uint8Array =>
  signed(encodeSequence(encodeInteger(0), name, spki, encodeImplicitConstructed(0, ...attributes)));
const attribute = (oid: string, ...values: readonly Uint8Array[]): Uint8Array =>
  encodeSequence(encodeOid(oid), encodeSetOf(...values));
const extensionRequest = '1.2.840.113549.1.9.14';

test('requests: attributes once, in order, with values; one extensionRequest (RFC 2986 s4.1)', () => {
  const challenge = attribute('1.2.840.113549.1.9.7', fromHex('0c0161'));
  const asked = attribute(extensionRequest, encodeSequence(one));
  const parsed = parseCertificateRequest(request(challenge, asked));
  assert.deepEqual(
    parsed.attributes.map(({ type }) => type),
    ['1.2.840.113549.1.9.7', extensionRequest],
  );
  assert.deepEqual(parsed.extensionRequest, [{ id: '1.2.3', critical: false, value: fromHex('0500') }]);
  assert.throws(() => parseCertificateRequest(request(challenge, challenge)), { code: 'invalidStructure' });
  assert.throws(() => parseCertificateRequest(request(attribute('1.2.3'))), { code: 'invalidStructure' });
  const two = attribute(extensionRequest, encodeSequence(one), encodeSequence(one, one));
  assert.throws(() => parseCertificateRequest(request(two)), { code: 'invalidStructure' });
  const twice = attribute(extensionRequest, encodeSequence(one, one));
  assert.throws(() => parseCertificateRequest(request(twice)), { code: 'duplicateExtension' });
  assert.throws(() => parseCertificateRequest(request(asked, challenge)), { code: 'invalidValue' });
  const version1 = signed(encodeSequence(encodeInteger(1), name, spki, encodeImplicitConstructed(0)));
  assert.throws(() => parseCertificateRequest(version1), { code: 'outOfRange' });
});

const list = (version: Uint8Array, ...rest: readonly Uint8Array[]): Uint8Array =>
  signed(encodeSequence(version, algorithm, name, encodeTime(0), ...rest));
const revoked = (serial: number, ...rest: readonly Uint8Array[]): Uint8Array =>
  encodeSequence(encodeInteger(serial), encodeTime(0), ...rest);

test('CRL versions and the fields they have (RFC 5280 s5.1.2.1)', () => {
  const v2 = encodeInteger(1);
  const crlExtensions = encodeExplicit(0, encodeSequence(one));
  const first = parseCertificateList(list(none));
  assert.deepEqual([first.version, first.nextUpdate, [...first.entries()]], [1, undefined, []]);
  assert.equal(parseCertificateList(list(v2, encodeTime(1000), crlExtensions)).nextUpdate, 1000);
  assert.throws(() => parseCertificateList(list(none, crlExtensions)), { code: 'invalidStructure' });
  assert.throws(() => parseCertificateList(list(encodeInteger(2))), { code: 'outOfRange' });
  const old = parseCertificateList(list(none, encodeSequence(revoked(1, encodeSequence(one)))));
  assert.throws(() => [...old.entries()], { code: 'invalidStructure' });
  assert.throws(() => old.findEntry(serialFromHex('1')), { code: 'invalidStructure' });
});

test('no entry of a CRL can hide from the search', () => {
  const find = (...entries: readonly Uint8Array[]): unknown =>
    parseCertificateList(list(encodeInteger(1), encodeSequence(...entries))).findEntry(serialFromHex('05'));
  assert.notEqual(find(revoked(4), revoked(5)), undefined);
  assert.equal(find(revoked(4), revoked(0x0505), revoked(0x105)), undefined);
  assert.throws(() => find(encodeSequence(encodeElement(Tag.integer, fromHex('0005')), encodeTime(0))), DerError);
  assert.throws(() => find(encodeSequence(fromHex('02810105'), encodeTime(0))), DerError);
  assert.throws(() => find(encodeSequence(encodeOctetString(fromHex('05')))), DerError);
  assert.throws(() => find(fromHex('3003020505')), DerError);
  assert.throws(() => find(encodeSetOf()), DerError);
  assert.throws(() => find(encodeSequence()), DerError);
  assert.throws(() => find(encodeSequence(encodeInteger(5))), DerError);
});

test('a fault within an entry is named by its octet in the whole CRL', () => {
  const der = list(none, encodeSequence(revoked(4), encodeSequence(encodeInteger(5), encodeInteger(6))));
  const offset = Buffer.from(der).indexOf(fromHex('020106')) + 2;
  const crl = parseCertificateList(der);
  assert.throws(() => crl.findEntry(serialFromHex('05')), { offset });
  assert.throws(() => [...crl.entries()], { offset });
});

test('a CRL of 100,000 entries is built from encoded ones, iterated and searched', () => {
  const entries = Array.from({ length: 100_000 }, (_, i) =>
    encodeRevokedEntry({ serialNumber: serialFromHex((i + 1).toString(16)), revokedAt: 0, reason: 'superseded' }),
  );
  const tbs = buildTbsCertList({
    ...{ signatureAlgorithm: 'ed25519', issuer: name, thisUpdate: 0, nextUpdate: 1000, entries, extensions: [] },
  });
  const crl = parseCertificateList(signed(tbs));
  let count = 0;
  for (const { serialNumber } of crl.entries()) assert.equal(Number.parseInt(serialToHex(serialNumber), 16), ++count);
  assert.equal(count, 100_000);
  assert.deepEqual(crl.findEntry(serialFromHex('186a0'))?.serialNumber, fromHex('0186a0'));
  assert.equal(crl.findEntry(serialFromHex('186a1')), undefined);
});
