import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { encodeExplicit, encodeInteger, encodeOctetString, encodeOid, encodeSequence } from '@vcc-pki/asn1';
import {
  buildTbsCertList,
  encodeCertId,
  encodeCertsOnlyCms,
  encodeName,
  encodeOcspErrorResponse,
  encodeOcspRequest,
  encodeSigned,
  serialFromHex,
} from '@vcc-pki/x509';
import fc from 'fast-check';
import { type DerShape, recognizeDer } from './recognize-der.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const time = Date.UTC(2026, 0, 1);

const list = encodeSigned(
  buildTbsCertList({
    signatureAlgorithm: 'ed25519',
    issuer: encodeName([{ type: 'commonName', value: 'CA' }]),
    thisUpdate: time,
    nextUpdate: time,
    entries: [],
    extensions: [],
  }),
  'ed25519',
  new Uint8Array(64),
);

const certId = encodeCertId(
  { hash: 'sha1', issuerNameHash: new Uint8Array(20), issuerKeyHash: new Uint8Array(20) },
  serialFromHex('01'),
);

const shapes: readonly (readonly [DerShape, Uint8Array])[] = [
  ['certificateList', list],
  ['ocspRequest', encodeOcspRequest([certId])],
  ['ocspRequest', encodeOcspRequest([certId], { nonce: new Uint8Array(32) })],
  ['ocspResponse', encodeOcspErrorResponse('tryLater')],
  ['pkcs7', encodeCertsOnlyCms([])],
  ['publicKey', rsa.publicKey.export({ format: 'der', type: 'spki' })],
  ['pkcs8', rsa.privateKey.export({ format: 'der', type: 'pkcs8' })],
  ['pkcs8', ec.privateKey.export({ format: 'der', type: 'pkcs8' })],
  [
    'pkcs8Encrypted',
    rsa.privateKey.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'a passphrase' }),
  ],
  ['pkcs1', rsa.privateKey.export({ format: 'der', type: 'pkcs1' })],
  ['sec1', ec.privateKey.export({ format: 'der', type: 'sec1' })],
  [
    'pkcs12',
    encodeSequence(
      encodeInteger(3),
      encodeSequence(encodeOid('1.2.840.113549.1.7.1'), encodeExplicit(0, encodeOctetString(new Uint8Array(8)))),
    ),
  ],
];

for (const [i, [shape, der]] of shapes.entries()) {
  test(`DER is recognised by its shape: ${shape} (${i})`, () => assert.equal(recognizeDer(der), shape));
}

test('what is cut off, has octets behind it or is something else is not taken for anything', () => {
  assert.equal(recognizeDer(list.subarray(0, -1)), undefined);
  assert.equal(recognizeDer(Uint8Array.of(...list, 0)), undefined);
  assert.equal(recognizeDer(encodeSequence()), undefined);
  assert.equal(recognizeDer(new TextEncoder().encode('0123')), undefined);
  assert.equal(recognizeDer(new Uint8Array(0)), undefined);
});

test('no octets make it throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.nat(), fc.integer({ min: 0, max: 255 }), ([, der], at, octet) => {
      const changed = Uint8Array.from(der);
      changed[at % changed.length] = octet;
      recognizeDer(changed);
    }),
  );
});
