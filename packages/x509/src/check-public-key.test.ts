import assert from 'node:assert/strict';
import { checkPrimeSync, generateKeyPairSync, generatePrimeSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { encodeBitString, encodeInteger, encodeNull, encodeOid, encodeSequence, fromHex, toHex } from '@vcc-pki/asn1';
import { checkPublicKey, describePublicKey, type X509Error } from './index.ts';

const spki = (algorithm: Uint8Array, key: Uint8Array): Uint8Array => encodeSequence(algorithm, encodeBitString(key));
const rsa = (n: bigint, e = 65537n): Uint8Array =>
  spki(
    encodeSequence(encodeOid('1.2.840.113549.1.1.1'), encodeNull()),
    encodeSequence(encodeInteger(n), encodeInteger(e)),
  );
const ed25519 = (hex: string): Uint8Array => spki(encodeSequence(encodeOid('1.3.101.112')), fromHex(hex));
const prime = (bits = 1024): bigint => generatePrimeSync(bits, { bigint: true });
const refuses = (key: Uint8Array, why: RegExp): void =>
  assert.throws(
    () => checkPublicKey(key),
    (error: X509Error) => {
      assert.equal(error.code, 'badPublicKey');
      // The sentences tell the cases apart: without them one test could pass for another's reason.
      assert.match(error.message, why);
      return true;
    },
  );

test('keys of every accepted kind pass, and are named', () => {
  const pairs = [
    [generateKeyPairSync('rsa', { modulusLength: 2048 }), { type: 'RSA', bits: 2048 }],
    [generateKeyPairSync('ec', { namedCurve: 'P-256' }), { type: 'EC', curve: 'P-256' }],
    [generateKeyPairSync('ec', { namedCurve: 'P-384' }), { type: 'EC', curve: 'P-384' }],
    [generateKeyPairSync('ed25519'), { type: 'Ed25519' }],
    [generateKeyPairSync('ml-dsa-44'), { type: 'ML-DSA-44' }],
    [generateKeyPairSync('ml-dsa-65'), { type: 'ML-DSA-65' }],
    [generateKeyPairSync('ml-dsa-87'), { type: 'ML-DSA-87' }],
  ] as const;
  for (const [{ publicKey }, description] of pairs) {
    const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    checkPublicKey(der);
    assert.deepEqual(describePublicKey(der), description);
  }
});

test('keys of other kinds are refused', () => {
  const exported = (key: { export(options: { type: 'spki'; format: 'der' }): Buffer }): Uint8Array =>
    new Uint8Array(key.export({ type: 'spki', format: 'der' }));
  refuses(exported(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey), /curve P-256 or P-384/);
  refuses(exported(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey), /curve/);
  refuses(exported(generateKeyPairSync('x25519').publicKey), /1\.3\.101\.110/);
  refuses(exported(generateKeyPairSync('ed448').publicKey), /1\.3\.101\.113/);
  refuses(exported(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey), /1\.2\.840\.113549\.1\.1\.10/);
  const explicit = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
  refuses(exported(explicit.publicKey), /given by its name/);
  refuses(fromHex('3000'), /not a DER/);
  refuses(new Uint8Array(0), /not a DER/);
  refuses(spki(encodeSequence(encodeOid('1.2.840.113549.1.1.1'), encodeNull()), fromHex('3000')), /not a DER/);
  refuses(rsa(-5n), /not a DER/);
});

test('RSA: size, exponent and parameters', () => {
  const p = prime();
  const q = prime();
  checkPublicKey(rsa(p * q));
  checkPublicKey(rsa(p * q, 2n ** 32n - 1n));
  refuses(rsa(prime(1024) * prime(1016)), /2048 to 4096/);
  refuses(rsa((1n << 4096n) + 1n), /2048 to 4096/);
  for (const e of [1n, 3n, 65535n, 65538n, 2n ** 32n + 1n]) refuses(rsa(p * q, e), /exponent/);
  const algorithm = encodeSequence(encodeOid('1.2.840.113549.1.1.1'));
  refuses(spki(algorithm, encodeSequence(encodeInteger(p * q), encodeInteger(65537))), /NULL/);
});

test('RSA: a modulus with a small factor', () => {
  for (const factor of [2n, 3n, 751n]) refuses(rsa(factor * prime(1030) * prime(1020)), /small factor/);
});

test('RSA: primes that lie close together (Fermat)', () => {
  const p = prime();
  let q = p + 2n;
  while (!checkPrimeSync(q)) q += 2n;
  refuses(rsa(p * q), /close/);
  refuses(rsa(p * p), /close/);
  // 100 rounds reach as far as p - q = 2 * sqrt(2 * 100 * sqrt(n)).
  let far = p + (1n << 514n);
  while (!checkPrimeSync(far)) far += 2n;
  refuses(rsa(p * far), /close/);
});

test('RSA: keys with the fingerprint of CVE-2017-15361 (ROCA)', () => {
  // Nemec et al. 2017, s2.1: p = k * M + (65537^a mod M), M the product of the first 126 primes for keys of 2048 bits.
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < 126; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n);
  const m = primes.reduce((product, p) => product * p, 1n);
  const random = (bits: number): bigint => BigInt(`0x${toHex(randomBytes(bits / 8))}`);
  const rocaPrime = (): bigint => {
    for (;;) {
      let power = 1n;
      for (let exponent = random(32), base = 65537n; exponent > 0n; exponent >>= 1n, base = (base * base) % m) {
        if (exponent & 1n) power = (power * base) % m;
      }
      const candidate = ((3n << 1022n) / m + random(48)) * m + power;
      if (checkPrimeSync(candidate)) return candidate;
    }
  };
  refuses(rsa(rocaPrime() * rocaPrime()), /ROCA/);
});

test('EC: points that are not what they should be', () => {
  const algorithm = encodeSequence(encodeOid('1.2.840.10045.2.1'), encodeOid('1.2.840.10045.3.1.7'));
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const point = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })).subarray(-65);
  checkPublicKey(spki(algorithm, point));
  const off = point.slice();
  off[64] = (off[64] as number) ^ 1;
  refuses(spki(algorithm, off), /not on P-256/);
  refuses(spki(algorithm, Uint8Array.of(0)), /uncompressed/);
  refuses(spki(algorithm, Uint8Array.of(2, ...point.subarray(1, 33))), /uncompressed/);
  refuses(spki(algorithm, Uint8Array.of(6, ...point.subarray(1))), /uncompressed/);
});

test('Ed25519 and ML-DSA: small order, length, parameters', () => {
  const p = 2n ** 255n - 19n;
  const little = (y: bigint): string => toHex(fromHex(y.toString(16).padStart(64, '0')).toReversed());
  for (const y of [0n, 1n, p - 1n, p, p + 1n, 2n ** 255n - 1n]) {
    refuses(ed25519(little(y)), /small order/);
    refuses(ed25519(little(y + 2n ** 255n)), /small order/);
  }
  refuses(ed25519('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'), /small order/);
  refuses(ed25519('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'), /small order/);
  refuses(ed25519('01'), /32 octets/);
  refuses(spki(encodeSequence(encodeOid('1.3.101.112'), encodeNull()), new Uint8Array(32)), /parameters/);
  refuses(spki(encodeSequence(encodeOid('2.16.840.1.101.3.4.3.17')), new Uint8Array(1313)), /1312 octets/);
});
