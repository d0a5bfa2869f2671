import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hkdfExpand, hkdfExtract } from './hkdf.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const range = (from: number, to: number): Uint8Array => Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// RFC 5869 appendix A.1 to A.3: the test cases with SHA-256.
const cases = [
  {
    ikm: new Uint8Array(22).fill(0x0b),
    salt: range(0x00, 0x0c),
    info: octets('f0f1f2f3f4f5f6f7f8f9'),
    prk: '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
    okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  {
    ikm: range(0x00, 0x4f),
    salt: range(0x60, 0xaf),
    info: range(0xb0, 0xff),
    prk: '06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244',
    okm: 'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
  },
  {
    ikm: new Uint8Array(22).fill(0x0b),
    salt: new Uint8Array(0),
    info: new Uint8Array(0),
    prk: '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
    okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  },
];

test('extracts and expands as RFC 5869 appendix A says', () => {
  for (const { ikm, salt, info, prk, okm } of cases) {
    assert.equal(hex(hkdfExtract(salt, ikm)), prk);
    assert.equal(hex(hkdfExpand(octets(prk), info, okm.length / 2)), okm);
  }
});

test('refuses lengths that HKDF does not have', () => {
  for (const length of [0, 255 * 32 + 1]) {
    assert.throws(() => hkdfExpand(new Uint8Array(32), new Uint8Array(0), length), RangeError);
  }
});
