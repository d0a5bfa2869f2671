import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromHex, toHex } from '@vcc-pki/asn1';
import { hkdfExpand, hkdfExtract, hpkeSuite } from '../src/index.ts';

const folder = process.env['VCC_PKI_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors');
const skip = existsSync(folder) ? false : `SKIPPED: no test vectors in ${folder}; set VCC_PKI_VECTORS`;
const buffer = (hex: string): ArrayBuffer => new Uint8Array(fromHex(hex)).buffer;

interface HpkeCase {
  readonly facts: Readonly<Record<string, string>>;
  readonly encryptions: readonly Readonly<Record<string, string>>[];
}

/** `name = value` lines; a case begins with its mode, an encryption with its comment. */
function hpkeCases(): HpkeCase[] {
  const cases: { facts: Record<string, string>; encryptions: Record<string, string>[] }[] = [];
  for (const line of readFileSync(join(folder, 'hpke/hpke-x25519-hkdf-sha256.txt'), 'utf8').split('\n')) {
    const [, name = '', value = ''] = /^(\w+) = (\w*)$/.exec(line) ?? [];
    if (name === 'mode') cases.push({ facts: {}, encryptions: [] });
    if (line.startsWith('# encryptions[')) cases.at(-1)?.encryptions.push({});
    const current = cases.at(-1);
    if (name !== '' && current !== undefined) (current.encryptions.at(-1) ?? current.facts)[name] = value;
  }
  return cases;
}

test('RFC 9180: base mode with X25519, HKDF-SHA256 and AES-256-GCM', { skip }, async () => {
  const cases = hpkeCases().filter(({ facts }) => facts['mode'] === '0' && facts['aead_id'] === '2');
  assert.equal(cases.length, 1);
  const suite = hpkeSuite('X25519');
  for (const { facts, encryptions } of cases) {
    const recipientKey = await suite.kem.deserializePrivateKey(buffer(facts['skRm']!));
    const receiver = await suite.createRecipientContext({
      recipientKey,
      enc: buffer(facts['pkEm']!),
      info: buffer(facts['info']!),
    });
    // The published list is sparse: sequence numbers 0, 1, 2, 4, 255, 256. The first three follow one another.
    for (const { aad, ct, pt } of encryptions.slice(0, 3)) {
      assert.equal(toHex(new Uint8Array(await receiver.open(buffer(ct!), buffer(aad!)))), pt);
    }
  }
});

test('X-Wing: keys and decapsulation of the draft', { skip }, async () => {
  const vectors = JSON.parse(readFileSync(join(folder, 'xwing/test-vectors.json'), 'utf8')) as Record<string, string>[];
  assert.ok(vectors.length >= 3);
  const { kem } = hpkeSuite('X-Wing');
  for (const { sk, pk, ct, ss } of vectors) {
    const recipientKey = await kem.deserializePrivateKey(buffer(sk!));
    assert.equal(toHex(new Uint8Array(await kem.decap({ recipientKey, enc: buffer(ct!) }))), ss);
    const publicKey = await kem.deserializePublicKey(buffer(pk!));
    assert.equal(toHex(new Uint8Array(await kem.serializePublicKey(publicKey))), pk);
  }
});

interface HkdfVector {
  readonly tcId: number;
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
  readonly result: 'valid' | 'invalid';
}

test('wycheproof: HKDF with SHA-256', { skip }, () => {
  const file = JSON.parse(readFileSync(join(folder, 'wycheproof/hkdf_sha256_test.json'), 'utf8'));
  const all: HkdfVector[] = file.testGroups.flatMap((group: { tests: HkdfVector[] }) => group.tests);
  assert.equal(all.length, file.numberOfTests);
  for (const { tcId, ikm, salt, info, size, okm, result } of all) {
    const expand = () => hkdfExpand(hkdfExtract(fromHex(salt), fromHex(ikm)), fromHex(info), size);
    if (result === 'valid') assert.equal(toHex(expand()), okm, `test ${tcId}`);
    else assert.throws(expand, RangeError, `test ${tcId}`);
  }
});
