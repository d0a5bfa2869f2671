import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PkiError } from '@vcc-pki/api';
import { type GroupKeyName, groupEpochOctets, kekSeedLength, kekVersionOctets, pae } from '@vcc-pki/kek';
import type { KekRoot } from './kek-root.ts';

/** Which seed it is. */
export interface SeedName {
  /** Name of the line. */
  readonly line: string;
  readonly version: number;
}

const format = 1;
const ivLength = 12;
const tagLength = 16;

/**
 * Seals seeds of KEKs and keys of groups for the ledger and opens them again: AES-256-GCM under the key-encryption root. What
 * is stored is `0x01 ‖ IV (12) ‖ ciphertext (32) ‖ tag (16)`, with `PAE("vcc-pki/kek-seed/v1", rootId, line, version)` or
 * `PAE("vcc-pki/group-key/v1", rootId, line, tenant, group, epoch)` authenticated, so that none can be put in another's
 * place. The IV is random: a root seals far fewer than 2^32 of them (NIST SP 800-38D s8.3).
 */
export class SeedVault {
  readonly #root: KekRoot;

  constructor(root: KekRoot) {
    this.#root = root;
  }

  get rootId(): string {
    return this.#root.rootId;
  }

  seal(seed: Uint8Array, name: SeedName | GroupKeyName): Uint8Array {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', this.#root.sealingKey, iv).setAAD(this.#aad(name));
    return new Uint8Array(
      Buffer.concat([Uint8Array.of(format), iv, cipher.update(seed), cipher.final(), cipher.getAuthTag()]),
    );
  }

  /**
   * Opens a seed for the time that `use` takes, and erases it then, whatever happens.
   * @throws PkiError `notReady` when it was sealed under another root, `serverInternal` when it does not open.
   */
  async withSeed<T>(
    sealed: { readonly octets: Uint8Array; readonly rootId: string },
    name: SeedName | GroupKeyName,
    use: (seed: Uint8Array) => Promise<T>,
  ): Promise<T> {
    this.checkRoot(sealed.rootId);
    const seed = this.#open(sealed.octets, name);
    try {
      return await use(seed);
    } finally {
      seed.fill(0);
    }
  }

  /** @throws PkiError `notReady` when another root is meant than this server has. */
  checkRoot(rootId: string): void {
    if (rootId === this.rootId) return;
    throw new PkiError('notReady', 'this server has another key-encryption root than the ledger: keks.root_key_file');
  }

  #open(octets: Uint8Array, name: SeedName | GroupKeyName): Uint8Array {
    const end = octets.length - tagLength;
    if (octets[0] !== format || end - ivLength - 1 !== kekSeedLength) {
      throw new PkiError('serverInternal', 'a sealed seed has an unknown form');
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#root.sealingKey, octets.subarray(1, 1 + ivLength), {
      authTagLength: tagLength,
    });
    decipher.setAAD(this.#aad(name)).setAuthTag(octets.subarray(end));
    const seed = decipher.update(octets.subarray(1 + ivLength, end));
    try {
      decipher.final();
    } catch (cause) {
      seed.fill(0);
      throw new PkiError('serverInternal', 'a sealed seed does not open: the ledger was changed', { cause });
    }
    return new Uint8Array(seed.buffer, seed.byteOffset, seed.length);
  }

  #aad(name: SeedName | GroupKeyName): Uint8Array {
    if (!('group' in name)) return pae('vcc-pki/kek-seed/v1', this.rootId, name.line, kekVersionOctets(name.version));
    const { line, tenant, group, epoch } = name;
    return pae('vcc-pki/group-key/v1', this.rootId, line, tenant, group, groupEpochOctets(epoch));
  }
}
