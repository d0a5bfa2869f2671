// C2SP Wycheproof, through the functions that records, keys, sessions and tokens go through.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, decapsulate, diffieHellman } from 'node:crypto';
import { test } from 'node:test';
import { aessiv } from '@noble/ciphers/aes.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { compactVerify, createLocalJWKSet, type JWK } from 'jose';
import { gcmCipher, gcmDecipher } from '../src/ciphertext/gcm.ts';
import { hkdfExpandInto, hkdfExtract } from '../src/keys/hkdf.ts';
import { readJsonVectors, skipWithoutVectors as skip } from './support/vectors.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

interface Case extends Record<string, string | number | readonly string[]> {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}
interface Group extends Record<string, unknown> {
  readonly tests: readonly Case[];
}

function groups(name: string): readonly Group[] {
  return readJsonVectors(`wycheproof/${name}_test.json`).testGroups;
}
const at = (one: Case, name: string): Buffer => hex(String(one[name] ?? ''));

test('AES-256-GCM', { skip }, () => {
  let seen = 0;
  // Keys, nonces and tags of the sizes that records have.
  for (const group of groups('aes_gcm').filter(
    (g) => g['keySize'] === 256 && g['ivSize'] === 96 && g['tagSize'] === 128,
  )) {
    for (const one of group.tests) {
      const cipher = gcmCipher(at(one, 'key'), at(one, 'iv')).setAAD(at(one, 'aad'));
      const sealed = Buffer.concat([cipher.update(at(one, 'msg')), cipher.final(), cipher.getAuthTag()]);
      const fits = sealed.equals(Buffer.concat([at(one, 'ct'), at(one, 'tag')]));
      const decipher = gcmDecipher(at(one, 'key'), at(one, 'iv')).setAAD(at(one, 'aad')).setAuthTag(at(one, 'tag'));
      const opened = decipher.update(at(one, 'ct'));
      if (one.result === 'valid') {
        assert.ok(fits, `tcId ${one.tcId}`);
        decipher.final();
        assert.deepEqual(opened, at(one, 'msg'));
      } else {
        assert.equal(fits, false, `tcId ${one.tcId}`);
        assert.throws(() => decipher.final(), `tcId ${one.tcId}`);
      }
      seen++;
    }
  }
  assert.ok(seen > 60, `only ${seen}`);
});

test('HKDF-SHA-256', { skip }, () => {
  let seen = 0;
  for (const { tests } of groups('hkdf_sha256')) {
    for (const one of tests) {
      const derive = (): Buffer => {
        const output = Buffer.alloc(Number(one['size']));
        hkdfExpandInto(output, hkdfExtract(at(one, 'salt'), at(one, 'ikm')), at(one, 'info'));
        return output;
      };
      if (one.result === 'invalid') assert.throws(derive, RangeError, `tcId ${one.tcId}`);
      else assert.deepEqual(derive(), at(one, 'okm'), `tcId ${one.tcId}`);
      seen++;
    }
  }
  assert.ok(seen > 80, `only ${seen}`);
});

test('AES-256-SIV', { skip }, () => {
  let seen = 0;
  for (const group of groups('aes_siv_cmac').filter((g) => g['keySize'] === 512)) {
    for (const one of group.tests) {
      const cipher = () => aessiv(at(one, 'key'), at(one, 'aad'));
      if (one.result === 'valid') {
        assert.deepEqual(Buffer.from(cipher().encrypt(at(one, 'msg'))), at(one, 'ct'), `tcId ${one.tcId}`);
        assert.deepEqual(Buffer.from(cipher().decrypt(at(one, 'ct'))), at(one, 'msg'));
      } else {
        assert.throws(() => cipher().decrypt(at(one, 'ct')), `tcId ${one.tcId}`);
      }
      seen++;
    }
  }
  assert.ok(seen > 100, `only ${seen}`);
});

test('XChaCha20-Poly1305', { skip }, () => {
  let seen = 0;
  for (const group of groups('xchacha20_poly1305')) {
    for (const one of group.tests) {
      const cipher = () => xchacha20poly1305(at(one, 'key'), at(one, 'iv'), at(one, 'aad'));
      const sealed = Buffer.concat([at(one, 'ct'), at(one, 'tag')]);
      if (one.result === 'valid') {
        assert.deepEqual(Buffer.from(cipher().encrypt(at(one, 'msg'))), sealed, `tcId ${one.tcId}`);
        assert.deepEqual(Buffer.from(cipher().decrypt(sealed)), at(one, 'msg'), `tcId ${one.tcId}`);
      } else {
        assert.throws(() => cipher().decrypt(sealed), `tcId ${one.tcId}`);
      }
      seen++;
    }
  }
  assert.ok(seen > 300, `only ${seen}`);
});

test('X25519: a shared secret of zeros is refused, every other one is as it should be', { skip }, () => {
  let seen = 0;
  const zero = '0'.repeat(64);
  for (const { tests } of groups('x25519')) {
    for (const one of tests) {
      const privateKey = createPrivateKey({
        key: Buffer.concat([hex('302e020100300506032b656e04220420'), at(one, 'private')]),
        format: 'der',
        type: 'pkcs8',
      });
      const publicKey = createPublicKey({
        key: Buffer.concat([hex('302a300506032b656e032100'), at(one, 'public')]),
        format: 'der',
        type: 'spki',
      });
      const agree = (): string => diffieHellman({ privateKey, publicKey }).toString('hex');
      if (one['shared'] === zero) assert.throws(agree, `tcId ${one.tcId}`);
      else assert.equal(agree(), one['shared'], `tcId ${one.tcId}`);
      seen++;
    }
  }
  assert.ok(seen > 400, `only ${seen}`);
});

test('ML-KEM-768: decapsulation from a seed', { skip }, () => {
  let seen = 0;
  // The PKCS #8 below states the length of a seed: one of another length cannot be written into it.
  const cases = groups('mlkem_768').flatMap(({ tests }) => tests.filter((one) => at(one, 'seed').length === 64));
  for (const one of cases) {
    // PKCS #8 with the seed alone (RFC 9935 s6).
    const key = Buffer.concat([hex('3054020100300b060960864801650304040204428040'), at(one, 'seed')]);
    const open = (): Buffer => decapsulate(createPrivateKey({ key, format: 'der', type: 'pkcs8' }), at(one, 'c'));
    if (one.result === 'valid') assert.deepEqual(open(), at(one, 'K'), `tcId ${one.tcId}`);
    else assert.throws(open, `tcId ${one.tcId}`);
    seen++;
  }
  assert.ok(seen > 50, `only ${seen}`);
});

test('JWS: what must not verify does not, by the algorithms that tokens may have', { skip }, async () => {
  const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
  let [seen, valid] = [0, 0];
  for (const group of groups('json_web_signature')) {
    const jwk = (group['public'] ?? group['private']) as JWK;
    if (jwk.kty === 'oct') continue;
    for (const one of group.tests) {
      const token = one['jws'];
      if (typeof token !== 'string') continue;
      const verify = async () => compactVerify(token, createLocalJWKSet({ keys: [jwk] }), { algorithms });
      const held = await verify().then(
        () => true,
        () => false,
      );
      if (one.result === 'invalid') assert.equal(held, false, `tcId ${one.tcId}: ${one['comment']}`);
      if (held) valid++;
      seen++;
    }
  }
  assert.ok(seen > 50 && valid > 10, `${seen} seen, ${valid} valid`);
});
