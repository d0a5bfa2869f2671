import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { GroupMode } from '../groups/group-source.ts';
import { hkdfExpandInto, hkdfExtract } from '../keys/hkdf.ts';
import type { KekRecord } from './kek-record.ts';

/** A version as it stands in the file; octets as base64. */
export interface SavedKek {
  readonly record: KekRecord;
  readonly certificate: string;
  readonly intermediates: readonly string[];
  /** The root secret, sealed by itself too: it is never in memory in the clear but where keys are. */
  readonly root: string;
  /** When the server last confirmed it: milliseconds since the epoch. */
  readonly confirmedAtMs: number;
}

/** The groups of a tenant as they stand in the file. */
export interface SavedGroups {
  readonly line: string;
  readonly tenant: string;
  readonly groups: readonly SavedGroup[];
}

/** A group with the keys that are pinned; none where it is derived. */
export interface SavedGroup {
  readonly group: string;
  readonly mode: GroupMode;
  readonly epoch: number;
  readonly keyId: string | null;
  /** When the server last confirmed it: milliseconds since the epoch. */
  readonly confirmedAtMs: number;
  /** Each sealed by itself too, base64. */
  readonly keys: readonly { readonly epoch: number; readonly keyId: string; readonly key: string }[];
}

export interface SavedState {
  readonly keks: readonly SavedKek[];
  readonly crls: readonly string[];
  /** Absent in files of before there were any. */
  readonly groups?: readonly SavedGroups[];
}

const label = 'vcc-pki/sealed-cache/v1';
const saltBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals to the private key of the service: whoever has that key could have fetched the KEKs himself. HKDF over its PKCS#8
 * with a new salt for each message gives an AES-256-GCM key that is used once.
 */
export function seal(plaintext: Uint8Array, key: KeyObject, context: string): Uint8Array {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const secret = derive(key, salt);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(Buffer.from(`${label} ${context}`));
  const sealed = Buffer.concat([salt, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  secret.fill(0);
  return sealed;
}

/** @returns undefined for what another key, or nobody, has sealed for this context */
export function unseal(sealed: Uint8Array, key: KeyObject, context: string): Uint8Array | undefined {
  if (sealed.length < saltBytes + nonceBytes + tagBytes) return undefined;
  const secret = derive(key, sealed.subarray(0, saltBytes));
  const nonce = sealed.subarray(saltBytes, saltBytes + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce);
  decipher.setAAD(Buffer.from(`${label} ${context}`));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const body = sealed.subarray(saltBytes + nonceBytes, sealed.length - tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    // OpenSSL says no more than that the tag is wrong.
    return undefined;
  } finally {
    secret.fill(0);
  }
}

function derive(key: KeyObject, salt: Uint8Array): Buffer {
  const material = key.export({ format: 'der', type: 'pkcs8' });
  const pseudoRandomKey = hkdfExtract(salt, material);
  const secret = Buffer.alloc(32);
  hkdfExpandInto(secret, pseudoRandomKey, Buffer.from(label));
  material.fill(0);
  pseudoRandomKey.fill(0);
  return secret;
}

/** KEKs on disk, for a start while the server is down: one file, mode 0600, replaced as a whole. */
export class SealedCache {
  readonly #file: string;
  readonly #key: () => KeyObject;

  constructor(file: string, key: () => KeyObject) {
    this.#file = file;
    this.#key = key;
  }

  async save(state: SavedState): Promise<void> {
    if (state.keks.length === 0) {
      await rm(this.#file, { force: true });
      return;
    }
    const sealed = seal(Buffer.from(JSON.stringify(state)), this.#key(), 'file');
    const temporary = `${this.#file}.${randomBytes(6).toString('hex')}`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(sealed);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#file);
  }

  /** @returns undefined when there is no file, or none that this service has sealed */
  async load(): Promise<SavedState | undefined> {
    const sealed = await readFile(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    const plaintext = sealed && unseal(sealed, this.#key(), 'file');
    return plaintext && (JSON.parse(Buffer.from(plaintext).toString()) as SavedState);
  }
}
