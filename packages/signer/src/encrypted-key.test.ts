import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodePem, parsePem } from '@vcc-pki/asn1';
import fc from 'fast-check';
import { checkSigner } from './check-signer.ts';
import {
  checkDerivation,
  decryptPrivateKey,
  encodeEncryptedPrivateKey,
  encryptPrivateKey,
  newDerivation,
  parseEncryptedPrivateKey,
} from './encrypted-key.ts';
import { generateKey, keyTypes } from './key-type.ts';
import type { KeyDerivation, Pbes2Parameters } from './pbes2.ts';
import { encryptPbes2 } from './pbes2-cipher.ts';
import { SignerError, type SignerErrorCode } from './signer-error.ts';
import { createSoftwareSigner } from './software-signer.ts';

const passphrase = new TextEncoder().encode('correct horse Bätterie');
const wrong = new TextEncoder().encode('correct horse Batterie');
/** One round: for tests that decrypt hundreds of times. */
const cheap: KeyDerivation = { name: 'pbkdf2', hash: 'sha256', salt: randomBytes(16), rounds: 1 };

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signer-'));
});
after(() => rmSync(folder, { recursive: true }));

const refusesWith = (code: SignerErrorCode) => (error: unknown) => error instanceof SignerError && error.code === code;

const spki = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A key encrypted with parameters that `encryptPrivateKey` would refuse. */
async function encryptWith(privateKey: KeyObject, derivation: KeyDerivation): Promise<Uint8Array> {
  const parameters: Pbes2Parameters = { derivation, iv: randomBytes(16) };
  const plaintext = privateKey.export({ format: 'der', type: 'pkcs8' });
  return encodeEncryptedPrivateKey({
    parameters,
    encryptedData: await encryptPbes2(plaintext, passphrase, parameters),
  });
}

const pemOf = (der: Uint8Array): string => encodePem('ENCRYPTED PRIVATE KEY', der);

test('every kind of key survives, and openssl opens what is written', async () => {
  for (const keyType of keyTypes) {
    const privateKey = await generateKey(keyType);
    const pem = await encryptPrivateKey({ privateKey, passphrase });
    const opened = await decryptPrivateKey(parseEncryptedPrivateKey(pem), passphrase);
    assert.ok(opened.equals(privateKey), keyType);
    const path = join(folder, `${keyType}.pem`);
    writeFileSync(path, pem);
    writeFileSync(join(folder, 'pass'), passphrase);
    const plain = openssl('pkey', '-in', path, '-passin', `file:${join(folder, 'pass')}`);
    assert.equal(plain, privateKey.export({ format: 'pem', type: 'pkcs8' }), keyType);
  }
});

test('openssl opens what scrypt encrypted', async () => {
  const privateKey = await generateKey('P-256');
  const path = join(folder, 'scrypt-ours.pem');
  const derivation = newDerivation('scrypt');
  writeFileSync(
    path,
    await encryptPrivateKey({ privateKey, passphrase: new TextEncoder().encode('pass'), derivation }),
  );
  assert.equal(
    openssl('pkey', '-in', path, '-passin', 'pass:pass'),
    privateKey.export({ format: 'pem', type: 'pkcs8' }),
  );
});

test('opens what openssl encrypted, and tells which of it is too weak', async () => {
  const privateKey = await generateKey('P-384');
  const plain = join(folder, 'plain.pem');
  writeFileSync(plain, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const pbkdf2 = ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA256', '-iter'];
  const cases: [args: string[], strong: boolean][] = [
    [[...pbkdf2, '600000'], true],
    [[...pbkdf2, '599999'], false],
    [['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '600000'], true],
    [['-scrypt', '-scrypt_N', '16384', '-scrypt_r', '8', '-scrypt_p', '5'], true],
    [['-scrypt'], false],
  ];
  for (const [args, strong] of cases) {
    const path = join(folder, 'theirs.pem');
    openssl('pkcs8', '-topk8', '-in', plain, '-out', path, '-passout', 'pass:theirs', ...args);
    const encrypted = parseEncryptedPrivateKey(readFileSync(path, 'utf8'));
    assert.ok(
      (await decryptPrivateKey(encrypted, new TextEncoder().encode('theirs'))).equals(privateKey),
      args.join(' '),
    );
    const check = () => checkDerivation(encrypted.parameters.derivation);
    if (strong) check();
    else assert.throws(check, refusesWith('weakEncryption'), args.join(' '));
  }
});

test('refuses ciphers and derivations that are not ours', async () => {
  const plain = join(folder, 'plain-256.pem');
  writeFileSync(plain, (await generateKey('P-256')).export({ format: 'pem', type: 'pkcs8' }));
  const iterations = ['-iter', '600000'];
  for (const args of [
    ['-v2', 'aes-128-cbc', ...iterations],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA1', ...iterations],
    ['-v2', 'des3', ...iterations],
    ['-v1', 'PBE-SHA1-3DES'],
  ]) {
    const path = join(folder, 'foreign.pem');
    openssl('pkcs8', '-topk8', '-in', plain, '-out', path, '-passout', 'pass:theirs', ...args);
    const parse = () => parseEncryptedPrivateKey(readFileSync(path, 'utf8'));
    assert.throws(parse, refusesWith('unsupportedAlgorithm'), args.join(' '));
  }
});

test('a key in clear is weak, anything else is malformed', async () => {
  const privateKey = await generateKey('P-256');
  const clear = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const traditional = privateKey.export({ format: 'pem', type: 'sec1' }).toString();
  for (const pem of [clear, traditional]) {
    assert.throws(() => parseEncryptedPrivateKey(pem), refusesWith('weakEncryption'));
  }
  const good = pemOf(await encryptWith(privateKey, cheap));
  for (const bad of [
    '',
    'hello',
    good + good,
    good.slice(0, -10),
    good.replaceAll('ENCRYPTED PRIVATE KEY', 'CERTIFICATE'),
  ]) {
    assert.throws(() => parseEncryptedPrivateKey(bad), refusesWith('malformedKey'));
  }
});

test('a wrong or empty passphrase is named as such, never as an error of OpenSSL', async () => {
  const privateKey = await generateKey('P-256');
  await assert.rejects(encryptPrivateKey({ privateKey, passphrase: new Uint8Array(0) }), refusesWith('weakEncryption'));
  const encrypted = parseEncryptedPrivateKey(pemOf(await encryptWith(privateKey, cheap)));
  await assert.rejects(decryptPrivateKey(encrypted, new Uint8Array(0)), refusesWith('wrongPassphrase'));
  await assert.rejects(decryptPrivateKey(encrypted, wrong), refusesWith('wrongPassphrase'));
  // One wrong passphrase in 256 leaves noise with valid padding: none of these may come out as anything else.
  for (let i = 0; i < 2000; i++) {
    await assert.rejects(
      decryptPrivateKey(encrypted, new TextEncoder().encode(`${i}`)),
      refusesWith('wrongPassphrase'),
    );
  }
});

test('the right passphrase over what is no key is a malformed key', async () => {
  const parameters: Pbes2Parameters = { derivation: cheap, iv: randomBytes(16) };
  // SEQUENCE { 0, SEQUENCE { 1.2.3 }, OCTET STRING }: the shape of a PrivateKeyInfo of an algorithm nobody has.
  const shape = Buffer.from('300b0201003004060228030400', 'hex');
  shape[1] = shape.length - 2;
  const encryptedData = await encryptPbes2(shape, passphrase, parameters);
  await assert.rejects(decryptPrivateKey({ parameters, encryptedData }, passphrase), refusesWith('malformedKey'));
});

test('refuses derivations that would keep the machine busy, before starting them', () => {
  const salt = randomBytes(16);
  const hostile: KeyDerivation[] = [
    { name: 'pbkdf2', hash: 'sha256', salt, rounds: 2 ** 31 },
    { name: 'pbkdf2', hash: 'sha256', salt, rounds: 10_000_001 },
    { name: 'pbkdf2', hash: 'sha256', salt: randomBytes(1025), rounds: 600_000 },
    { name: 'scrypt', salt, cost: 2 ** 24, blockSize: 8, parallelization: 1 },
    { name: 'scrypt', salt, cost: 2 ** 10, blockSize: 2 ** 14, parallelization: 2 },
    { name: 'scrypt', salt, cost: 2, blockSize: 1, parallelization: 2 ** 24 },
    { name: 'scrypt', salt, cost: 2 ** 20, blockSize: 8, parallelization: 1 },
  ];
  for (const derivation of hostile) {
    const der = encodeEncryptedPrivateKey({
      parameters: { derivation, iv: randomBytes(16) },
      encryptedData: randomBytes(16),
    });
    assert.throws(
      () => parseEncryptedPrivateKey(pemOf(der)),
      refusesWith('unsupportedAlgorithm'),
      JSON.stringify(derivation),
    );
  }
  const impossible: KeyDerivation[] = [
    { name: 'pbkdf2', hash: 'sha256', salt, rounds: 0 },
    { name: 'pbkdf2', hash: 'sha256', salt, rounds: -1 },
    { name: 'scrypt', salt, cost: 12_345, blockSize: 8, parallelization: 1 },
    { name: 'scrypt', salt, cost: 1, blockSize: 8, parallelization: 1 },
  ];
  for (const derivation of impossible) {
    const der = encodeEncryptedPrivateKey({
      parameters: { derivation, iv: randomBytes(16) },
      encryptedData: randomBytes(16),
    });
    assert.throws(() => parseEncryptedPrivateKey(pemOf(der)), refusesWith('malformedKey'), JSON.stringify(derivation));
  }
});

test('the floor for scrypt is OWASP: all of its settings pass, the next cheaper ones do not', () => {
  const scrypt = (cost: number, parallelization: number, blockSize = 8): KeyDerivation => ({
    name: 'scrypt',
    salt: randomBytes(16),
    cost,
    blockSize,
    parallelization,
  });
  for (const [cost, parallelization] of [
    [2 ** 17, 1],
    [2 ** 16, 2],
    [2 ** 15, 3],
    [2 ** 14, 5],
    [2 ** 13, 10],
  ] as const) {
    checkDerivation(scrypt(cost, parallelization));
    assert.throws(() => checkDerivation(scrypt(cost / 8, parallelization)), refusesWith('weakEncryption'));
  }
  assert.throws(() => checkDerivation(scrypt(2 ** 12, 100)), refusesWith('weakEncryption'));
  checkDerivation(newDerivation('scrypt'));
  checkDerivation(newDerivation('pbkdf2'));
});

test('property: a damaged file is refused, or opens to the very same key', async () => {
  const privateKeys = [await generateKey('P-256'), await generateKey('Ed25519'), await generateKey('RSA-2048')];
  const files = await Promise.all(
    privateKeys.map(async (key) => ({ key, publicKey: spki(key), der: await encryptWith(key, cheap) })),
  );
  const damage = fc.record({ file: fc.nat(2), at: fc.nat(), bit: fc.nat(7), cut: fc.option(fc.nat(), { freq: 8 }) });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, at, bit, cut }) => {
      const { key, publicKey, der } = files[file]!;
      const damaged = cut === null ? Uint8Array.from(der) : der.slice(0, cut % der.length);
      if (damaged.length > 0) damaged[at % damaged.length]! ^= 1 << bit;
      try {
        const opened = await decryptPrivateKey(parseEncryptedPrivateKey(pemOf(damaged)), passphrase);
        await checkSigner(createSoftwareSigner(opened), publicKey);
        assert.ok(opened.equals(key));
      } catch (error) {
        assert.ok(error instanceof SignerError, `${error}`);
      }
    }),
    // The example made OpenSSL fail in the trial signature, with an error of its own.
    { numRuns: 1000, examples: [[{ file: 2, at: 1_962_614_302, bit: 0, cut: null }]] },
  );
});

test('property: random octets are refused with a SignerError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      assert.throws(() => parseEncryptedPrivateKey(pemOf(octets)), SignerError);
    }),
  );
});

test('two files of one key share nothing that is random', async () => {
  const privateKey = await generateKey('P-256');
  const [first, second] = await Promise.all([1, 2].map(() => encryptPrivateKey({ privateKey, passphrase })));
  const [a, b] = [first!, second!].map((pem) => parseEncryptedPrivateKey(pem));
  assert.notDeepEqual(a!.parameters.iv, b!.parameters.iv);
  assert.notDeepEqual(a!.parameters.derivation.salt, b!.parameters.derivation.salt);
  assert.equal(parsePem(first!)[0]!.label, 'ENCRYPTED PRIVATE KEY');
});
