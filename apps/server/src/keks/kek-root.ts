import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hkdfExpand, hkdfExtract } from '@vcc-pki/kek';
import { openKeyFile, SignerError, writeKeyFile } from '@vcc-pki/signer';

/** What the seeds of all KEKs are sealed under. */
export interface KekRoot {
  /** Names the root in the ledger, so that a server with another one says so; tells nothing about it. */
  readonly rootId: string;
  /** AES-256. */
  readonly sealingKey: KeyObject;
}

/** Where the root lies, and what opens it. */
export interface KekRootFile {
  readonly path: string;
  /** The passphrase of the CA key, UTF-8 octets; not kept. */
  readonly passphrase: Uint8Array;
}

const label = 'vcc-pki/kek-root/v1';

/**
 * Makes a new root: 32 random octets, which wear the form of an X25519 key so that the file is one like those of the CAs:
 * encrypted PKCS #8, which `openssl pkcs8` puts under another passphrase.
 * @throws `SignerError` `fileExists`
 */
export async function createKekRoot({ path, passphrase }: KekRootFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('x25519');
  await writeKeyFile({ path, privateKey, passphrase });
}

/** Opens the root; makes it where there is none, for a PKI from before there were KEKs. @throws `SignerError` */
export async function loadKekRoot(file: KekRootFile): Promise<KekRoot> {
  return toKekRoot(await openOrCreate(file));
}

async function openOrCreate(file: KekRootFile): Promise<KeyObject> {
  try {
    return await openKeyFile(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  try {
    await createKekRoot(file);
  } catch (error) {
    // Another server on the same folder was quicker: its root is the one.
    if (!(error instanceof SignerError && error.code === 'fileExists')) throw error;
  }
  return openKeyFile(file);
}

/** Derives what is used of a root: the key that seals, and the name. */
export function toKekRoot(key: KeyObject): KekRoot {
  if (key.asymmetricKeyType !== 'x25519') {
    throw new SignerError('malformedKey', 'the file of the key-encryption root holds another key');
  }
  // RFC 8410 s7: the last octets of the PrivateKeyInfo are the key.
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const pseudoRandomKey = hkdfExtract(label, der.subarray(-32));
  const sealing = hkdfExpand(pseudoRandomKey, Buffer.from('seal'), 32);
  try {
    return {
      rootId: Buffer.from(hkdfExpand(pseudoRandomKey, Buffer.from('id'), 16)).toString('hex'),
      sealingKey: createSecretKey(sealing),
    };
  } finally {
    for (const secret of [der, pseudoRandomKey, sealing]) secret.fill(0);
  }
}
