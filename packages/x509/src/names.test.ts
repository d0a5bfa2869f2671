import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, encodeElement, encodeOid, encodeSequence, encodeSetOf, fromHex, Tag } from '@vcc-pki/asn1';
import fc from 'fast-check';
import {
  commonName,
  encodeGeneralName,
  encodeName,
  formatName,
  type GeneralName,
  ipAddressFromText,
  ipAddressToText,
  ipNetworkFromText,
  ipNetworkToText,
  parseGeneralName,
  parseName,
  serialFromDecimal,
  serialFromHex,
  serialFromOctets,
  serialToDecimal,
  serialToHex,
  X509Error,
} from './index.ts';

const text = (tag: number, hex: string): Uint8Array =>
  encodeSequence(encodeSetOf(encodeSequence(encodeOid('2.5.4.3'), encodeElement(tag, fromHex(hex)))));
const refuses = (read: () => unknown): void => assert.throws(read, DerError);

test('a name keeps order, types and octets, and prints most specific first (RFC 4514)', () => {
  const der = encodeName([
    { type: 'countryName', value: 'DE' },
    { type: 'organizationName', value: 'Grün, Weiß & Co' },
    { type: 'commonName', value: '#1 "CA" <x>; a+b=c\\ ' },
    { type: '1.2.3.4', value: 'x' },
  ]);
  const name = parseName(der);
  assert.deepEqual(name.der, der);
  assert.deepEqual(
    name.rdns.map(([attribute]) => attribute?.valueTag),
    [Tag.printableString, Tag.utf8String, Tag.utf8String, Tag.utf8String],
  );
  assert.equal(formatName(name), '1.2.3.4=#0c0178,CN=\\#1 \\"CA\\" \\<x\\>\\; a\\+b=c\\\\\\ ,O=Grün\\, Weiß & Co,C=DE');
  assert.equal(commonName(name), '#1 "CA" <x>; a+b=c\\ ');
  assert.equal(formatName(parseName(encodeName([]))), '');
  assert.equal(commonName(parseName(encodeName([]))), undefined);
});

test('control characters cannot forge lines of a log', () => {
  const name = parseName(encodeName([{ type: 'commonName', value: 'a\n\u0000\u202eb' }]));
  assert.equal(formatName(name), 'CN=a\\0a\\00\\e2\\80\\aeb');
});

test('several attributes of one level are joined by a plus', () => {
  const attribute = (oid: string, value: string): Uint8Array =>
    encodeSequence(encodeOid(oid), encodeElement(Tag.utf8String, new TextEncoder().encode(value)));
  const [first, second] = [attribute('2.5.4.3', 'a'), attribute('2.5.4.11', 'b')];
  assert.equal(formatName(parseName(encodeSequence(encodeSetOf(second, first)))), 'CN=a+OU=b');
  refuses(() => parseName(encodeSequence(encodeElement(Tag.set, second, first))));
  refuses(() => parseName(encodeSequence(encodeElement(Tag.set, first, first))));
  refuses(() => parseName(encodeSequence(encodeElement(Tag.set))));
});

test('all string types are read, and refuse what they cannot hold', () => {
  const value = (tag: number, hex: string): string | undefined => commonName(parseName(text(tag, hex)));
  assert.equal(value(Tag.printableString, '4142'), 'AB');
  assert.equal(value(Tag.utf8String, 'c3a4'), 'ä');
  assert.equal(value(Tag.utf8String, 'efbbbf41'), '\ufeffA');
  assert.equal(value(Tag.teletexString, 'e4'), 'ä');
  assert.equal(value(Tag.bmpString, '004100e4'), 'Aä');
  assert.equal(value(Tag.universalString, '0001f600'), '😀');
  assert.equal(value(Tag.ia5String, '40'), '@');
  assert.equal(value(Tag.numericString, '3120'), '1 ');
  refuses(() => value(Tag.integer, '01'));
  const unknown = encodeSequence(encodeOid('1.2.3'), encodeElement(Tag.integer, fromHex('01')));
  assert.equal(formatName(parseName(encodeSequence(encodeSetOf(unknown)))), '1.2.3=#020101');
  refuses(() => value(Tag.printableString, '40'));
  refuses(() => value(Tag.utf8String, 'c328'));
  refuses(() => value(Tag.bmpString, '41'));
  refuses(() => value(Tag.bmpString, 'd83dde00'));
  refuses(() => value(Tag.universalString, '00110000'));
  refuses(() => value(Tag.ia5String, 'e4'));
  refuses(() => value(Tag.numericString, '41'));
  refuses(() => value(Tag.visibleString, '07'));
});

test('values that do not fit their type are refused before anything is encoded', () => {
  assert.throws(() => encodeName([{ type: 'countryName', value: 'DEU' }]), RangeError);
  assert.throws(() => encodeName([{ type: 'commonName', value: 'x'.repeat(65) }]), RangeError);
  assert.throws(() => encodeName([{ type: 'commonName', value: '' }]), RangeError);
  assert.throws(() => encodeName([{ type: 'emailAddress', value: 'ä@example' }]), RangeError);
  assert.throws(() => encodeName([{ type: 'constructor', value: 'x' }]), RangeError);
});

test('general names of every kind survive encoding and parsing', () => {
  const names: GeneralName[] = [
    { type: 'otherName', typeId: '1.3.6.1.4.1.311.20.2.3', value: fromHex('0c0161') },
    { type: 'rfc822Name', value: 'a@example.org' },
    { type: 'dNSName', value: '*.vcc.local' },
    { type: 'x400Address', value: fromHex('3000') },
    { type: 'directoryName', value: parseName(encodeName([{ type: 'commonName', value: 'x' }])) },
    { type: 'ediPartyName', value: fromHex('a1030c0161') },
    { type: 'uniformResourceIdentifier', value: 'spiffe://vcc.local/x' },
    { type: 'iPAddress', value: fromHex('7f000001') },
    { type: 'registeredID', value: '1.2.3' },
  ];
  for (const name of names) assert.deepEqual(parseGeneralName(encodeGeneralName(name)), name);
  refuses(() => parseGeneralName(fromHex('8703010203')));
  refuses(() => parseGeneralName(fromHex('87080a000000ff000000')));
  refuses(() => parseGeneralName(fromHex('8704 7f000001'.replace(' ', '')), 'nameConstraint'));
  refuses(() => parseGeneralName(fromHex('87080a000000ff00ff00'), 'nameConstraint'));
  refuses(() => parseGeneralName(fromHex('8201e4')));
  refuses(() => parseGeneralName(fromHex('a4003000')));
  refuses(() => parseGeneralName(fromHex('0500')));
  assert.deepEqual(parseGeneralName(fromHex('87080a000000ff000000'), 'nameConstraint'), {
    type: 'iPAddress',
    value: fromHex('0a000000ff000000'),
  });
});

test('IP addresses: RFC 5952 text out, any RFC 4291 text in', () => {
  const both: [string, string][] = [
    ['192.0.2.1', 'c0000201'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['1::', '00010000000000000000000000000000'],
    ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['2001:0:0:1::1', '20010000000000010000000000000001'],
    ['1:0:2:3:4:5:6:7', '00010000000200030004000500060007'],
  ];
  for (const [shown, hex] of both) {
    assert.deepEqual(ipAddressFromText(shown), fromHex(hex));
    assert.equal(ipAddressToText(fromHex(hex)), shown);
  }
  assert.deepEqual(ipAddressFromText('::FFFF:192.0.2.1'), fromHex('00000000000000000000ffffc0000201'));
  assert.deepEqual(ipAddressFromText('0:0:0:0:0:0:0:1'), ipAddressFromText('::1'));
  const bad = ['', '1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4::', '1:2:3:4:5:6:7', '1::2::3', ':1', '1:', ':::', 'g::'];
  for (const text of [...bad, '1:2:3:4:5:6:7::8', '1:2:3:4:5:6:7:8:9', 'fe80::1%eth0', '::1.2.3', '::1.2.3.4:5']) {
    assert.throws(() => ipAddressFromText(text), { code: 'badIpAddress' }, text);
  }
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
      assert.deepEqual(ipAddressFromText(ipAddressToText(octets)), octets);
    }),
  );
});

test('IP networks', () => {
  assert.deepEqual(ipNetworkFromText('10.0.0.0/8'), fromHex('0a000000ff000000'));
  assert.deepEqual(ipNetworkFromText('192.0.2.128/25'), fromHex('c0000280ffffff80'));
  for (const text of ['0.0.0.0/0', '10.1.2.3/32', '2001:db8::/32', '::1/128', '::/0']) {
    assert.equal(ipNetworkToText(ipNetworkFromText(text)), text);
  }
  for (const text of ['10.0.0.1/8', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '::/129', '10.0.0.0/-1']) {
    assert.throws(() => ipNetworkFromText(text), { code: 'badIpAddress' }, text);
  }
  assert.throws(() => ipNetworkToText(fromHex('0a000000ff00ff00')), RangeError);
  assert.throws(() => ipNetworkToText(fromHex('0a000000')), RangeError);
});

test('serial numbers in hexadecimal and decimal', () => {
  assert.deepEqual(serialFromHex('ff'), fromHex('00ff'));
  assert.deepEqual(serialFromHex('0x00:7F'.replace(':', '')), fromHex('7f'));
  assert.deepEqual(serialFromHex('12:AB:cd'), fromHex('12abcd'));
  assert.equal(serialToHex(fromHex('00ff')), 'ff');
  assert.equal(serialToHex(fromHex('00')), '00');
  assert.equal(serialToHex(fromHex('ff')), '-01');
  assert.equal(serialToDecimal(fromHex('ff')), '-1');
  for (const bad of ['', '0', '0x', 'xyz', '-1', '1:2', 'ff'.repeat(20), '01'.repeat(21), ' 1']) {
    assert.throws(() => serialFromHex(bad), { code: 'badSerialNumber' }, bad);
  }
  for (const bad of ['', '0', '-1', '1e3', '9'.repeat(50), '9'.repeat(49)]) {
    assert.throws(() => serialFromDecimal(bad), X509Error, bad);
  }
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 159n - 1n }), (value) => {
      const serial = serialFromDecimal(value.toString());
      assert.equal(serialToDecimal(serial), value.toString());
      assert.deepEqual(serialFromHex(serialToHex(serial)), serial);
      assert.deepEqual(serialFromOctets(serial), serial);
    }),
  );
});
