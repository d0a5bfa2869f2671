import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromHex } from '@vcc-pki/asn1';
import type { Pbes2Parameters } from './pbes2.ts';
import { decryptPbes2, encryptPbes2 } from './pbes2-cipher.ts';

interface Vector {
  readonly tcId: number;
  readonly password: string;
  readonly salt: string;
  readonly iterationCount: number;
  readonly iv: string;
  readonly msg: string;
  readonly ct: string;
  readonly result: 'valid' | 'invalid';
}

const vectors = process.env['VCC_PKI_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors');
const file = join(vectors, 'wycheproof/pbes2_hmacsha256_aes_256_test.json');
const skip = existsSync(file) ? false : `SKIPPED: no test vectors at ${file}; set VCC_PKI_VECTORS`;

test('wycheproof: PBES2 with HMAC-SHA-256 and AES-256', { skip }, async () => {
  const { testGroups, numberOfTests } = JSON.parse(readFileSync(file, 'utf8'));
  const all: Vector[] = testGroups.flatMap((group: { tests: Vector[] }) => group.tests);
  assert.equal(all.length, numberOfTests);
  for (const vector of all) {
    const parameters: Pbes2Parameters = {
      derivation: { name: 'pbkdf2', hash: 'sha256', salt: fromHex(vector.salt), rounds: vector.iterationCount },
      iv: fromHex(vector.iv),
    };
    const [passphrase, message, ciphertext] = [vector.password, vector.msg, vector.ct].map(fromHex) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    assert.equal(vector.result, 'valid', `vector ${vector.tcId}: a kind this test does not know`);
    assert.deepEqual(new Uint8Array(await encryptPbes2(message, passphrase, parameters)), ciphertext, `${vector.tcId}`);
    const plaintext = await decryptPbes2(ciphertext, passphrase, parameters);
    assert.deepEqual(plaintext, message, `vector ${vector.tcId}`);
  }
});
