import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodePem } from '@vcc-pki/asn1';
import { verifySignature } from '@vcc-pki/x509';
import { encodeEncryptedPrivateKey } from './encrypted-key.ts';
import { loadKeyFile, writeKeyFile } from './key-file.ts';
import { generateKey } from './key-type.ts';
import { encryptPbes2 } from './pbes2-cipher.ts';
import { SignerError, type SignerErrorCode } from './signer-error.ts';

const passphrase = new TextEncoder().encode('a passphrase');
const posix = process.platform === 'win32' ? 'SKIPPED: Windows has no file modes' : false;
const refusesWith = (code: SignerErrorCode) => (error: unknown) => error instanceof SignerError && error.code === code;

let folder: string;
let path: string;
let privateKey: KeyObject;
let publicKey: Uint8Array;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'key-file-'));
  path = join(folder, 'ca.pem');
  privateKey = await generateKey('P-256');
  publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  await writeKeyFile({ path, privateKey, passphrase });
});
after(() => rmSync(folder, { recursive: true }));

test('a written key loads as a signer of the certificate', async () => {
  const signer = await loadKeyFile({ path, passphrase, publicKey });
  const data = new TextEncoder().encode('data');
  const signature = await signer.sign(data);
  assert.equal(await verifySignature({ algorithm: signer.signatureAlgorithm, publicKey, data, signature }), true);
});

test("the passphrase stays the caller's and is not changed", () => {
  assert.equal(new TextDecoder().decode(passphrase), 'a passphrase');
});

test('nobody but the owner can read it, and nobody can write it', { skip: posix }, () => {
  assert.equal(statSync(path).mode & 0o777, 0o400);
});

test('a key is never overwritten', async () => {
  const before = readFileSync(path);
  await assert.rejects(
    writeKeyFile({ path, privateKey: await generateKey('P-256'), passphrase }),
    refusesWith('fileExists'),
  );
  assert.deepEqual(readFileSync(path), before);
  assert.deepEqual(readdirSync(folder), ['ca.pem']);
});

test('a wrong passphrase and a foreign certificate are told apart', async () => {
  const other = new TextEncoder().encode('another');
  await assert.rejects(loadKeyFile({ path, passphrase: other, publicKey }), refusesWith('wrongPassphrase'));
  await assert.rejects(loadKeyFile({ path, passphrase: new Uint8Array(0), publicKey }), refusesWith('wrongPassphrase'));
  const foreign = createPublicKey(await generateKey('P-256')).export({ format: 'der', type: 'spki' });
  await assert.rejects(loadKeyFile({ path, passphrase, publicKey: foreign }), refusesWith('keyMismatch'));
});

test('errors name the file', async () => {
  const load = loadKeyFile({ path, passphrase: new TextEncoder().encode('another'), publicKey });
  await assert.rejects(load, (error: Error) => error.message.startsWith(`${path}: `));
});

test('a file that others may touch is refused', { skip: posix }, async () => {
  const copy = join(folder, 'open.pem');
  writeFileSync(copy, readFileSync(path));
  for (const mode of [0o440, 0o404, 0o420, 0o402, 0o410, 0o777]) {
    chmodSync(copy, mode);
    await assert.rejects(loadKeyFile({ path: copy, passphrase, publicKey }), refusesWith('fileMode'), mode.toString(8));
  }
  for (const mode of [0o400, 0o600]) {
    chmodSync(copy, mode);
    await (await loadKeyFile({ path: copy, passphrase, publicKey })).close();
  }
  rmSync(copy);
});

test('a folder, an over-long file and an absent one are refused', async () => {
  const directory = join(folder, 'directory');
  mkdirSync(directory);
  await assert.rejects(loadKeyFile({ path: directory, passphrase, publicKey }), refusesWith('fileMode'));
  const long = join(folder, 'long.pem');
  writeFileSync(long, Buffer.alloc(65_537, 'x'), { mode: 0o600 });
  await assert.rejects(loadKeyFile({ path: long, passphrase, publicKey }), refusesWith('malformedKey'));
  await assert.rejects(loadKeyFile({ path: join(folder, 'absent.pem'), passphrase, publicKey }), { code: 'ENOENT' });
});

test('a CA key below the floor is refused, with the command that mends it', async () => {
  const weak = join(folder, 'weak.pem');
  const parameters = {
    derivation: { name: 'pbkdf2', hash: 'sha256', salt: randomBytes(16), rounds: 599_999 },
    iv: randomBytes(16),
  } as const;
  const plaintext = privateKey.export({ format: 'der', type: 'pkcs8' });
  const encryptedData = await encryptPbes2(plaintext, passphrase, parameters);
  writeFileSync(weak, encodePem('ENCRYPTED PRIVATE KEY', encodeEncryptedPrivateKey({ parameters, encryptedData })), {
    mode: 0o400,
  });
  await assert.rejects(loadKeyFile({ path: weak, passphrase, publicKey }), (error: unknown) => {
    return refusesWith('weakEncryption')(error) && /openssl pkcs8 .*-iter 600000/.test((error as Error).message);
  });
});
