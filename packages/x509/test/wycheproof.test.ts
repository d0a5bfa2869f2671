// C2SP Wycheproof: signatures through verifySignature, with no exception. What they call "acceptable" (RSA without the
// NULL in its DigestInfo) is not valid here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@vcc-pki/asn1';
import { type SignatureAlgorithmName, verifySignature } from '@vcc-pki/x509';
import { readJsonVectors, skipWithoutVectors } from './support/vectors.ts';

interface Group {
  readonly publicKeyDer: string;
  readonly tests: readonly { tcId: number; msg: string; sig: string; ctx?: string; result: string }[];
}

const files: readonly [string, SignatureAlgorithmName][] = [
  ['ecdsa_secp256r1_sha256_test', 'ecdsa-with-SHA256'],
  ['ecdsa_secp384r1_sha384_test', 'ecdsa-with-SHA384'],
  ['ecdsa_secp521r1_sha512_test', 'ecdsa-with-SHA512'],
  ['rsa_signature_2048_sha256_test', 'sha256WithRSAEncryption'],
  ['rsa_signature_2048_sha384_test', 'sha384WithRSAEncryption'],
  ['rsa_signature_2048_sha512_test', 'sha512WithRSAEncryption'],
  ['rsa_signature_3072_sha256_test', 'sha256WithRSAEncryption'],
  ['rsa_signature_3072_sha384_test', 'sha384WithRSAEncryption'],
  ['rsa_signature_4096_sha256_test', 'sha256WithRSAEncryption'],
  ['rsa_signature_4096_sha512_test', 'sha512WithRSAEncryption'],
  ['rsa_pss_2048_sha256_mgf1_32_test', 'rsassaPss-SHA256'],
  ['rsa_pss_2048_sha256_mgf1_32_params_test', 'rsassaPss-SHA256'],
  ['rsa_pss_2048_sha384_mgf1_48_test', 'rsassaPss-SHA384'],
  ['rsa_pss_4096_sha512_mgf1_64_test', 'rsassaPss-SHA512'],
  ['ed25519_test', 'ed25519'],
  ['mldsa_65_verify_test', 'ml-dsa-65'],
];

for (const [file, algorithm] of files) {
  test(`Wycheproof ${file}`, { skip: skipWithoutVectors }, async () => {
    const groups: readonly Group[] = readJsonVectors(`wycheproof/${file}.json`).testGroups;
    let seen = 0;
    for (const { publicKeyDer, tests } of groups) {
      // Certificates sign with the empty context (RFC 9881 s3).
      for (const { tcId, msg, sig, result } of tests.filter(({ ctx }) => !ctx)) {
        const verdict = await verifySignature({
          algorithm,
          publicKey: fromHex(publicKeyDer),
          data: fromHex(msg),
          signature: fromHex(sig),
        });
        assert.equal(verdict, result === 'valid', `tcId ${tcId}`);
        seen++;
      }
    }
    assert.ok(seen > 80, `only ${seen} vectors`);
  });
}

test('RSA-PSS whose hash, mask hash or salt length is not that of the algorithm is not valid', {
  skip: skipWithoutVectors,
}, async () => {
  const groups: readonly (Group & { sha: string; mgfSha: string; sLen: number })[] = readJsonVectors(
    'wycheproof/rsa_pss_misc_test.json',
  ).testGroups;
  for (const { publicKeyDer, tests, sha, mgfSha, sLen } of groups) {
    for (const { msg, sig } of tests) {
      const verdict = await verifySignature({
        algorithm: 'rsassaPss-SHA256',
        publicKey: fromHex(publicKeyDer),
        data: fromHex(msg),
        signature: fromHex(sig),
      });
      assert.equal(verdict, sha === 'SHA-256' && mgfSha === 'SHA-256' && sLen === 32, `${sha} ${mgfSha} ${sLen}`);
    }
  }
});
