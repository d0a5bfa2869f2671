import { type Cipheriv, createCipheriv } from 'node:crypto';
import { KeyError } from '../key-error.ts';
import type { SecretMemory } from './secret-memory.ts';

/** Octets of an AES block. */
const blockBytes = 16;

/** The block cipher of a key, and the subkey K1 of CMAC that XAES masks its blocks with. */
interface BlockCipher {
  readonly cipher: Cipheriv;
  readonly k1: Buffer;
}

/** The key of one field in memory. Owned by the {@link KekHandle} it came from, which erases it. */
export class FieldKey {
  readonly #memory: SecretMemory;
  readonly #secret: Buffer;
  #blocks: BlockCipher | undefined;
  #closed = false;
  #encryptions = 0;

  /** @param secret a slot of `memory`, owned by this key from here on */
  constructor(secret: Buffer, memory: SecretMemory) {
    this.#secret = secret;
    this.#memory = memory;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Its octets, in place: not to be kept. */
  get secret(): Buffer {
    this.#checkOpen();
    return this.#secret;
  }

  /** Records encrypted under it by this process. XAES-256-GCM holds for 2^64; a warning is due at 2^40. */
  get encryptions(): number {
    return this.#encryptions;
  }

  countEncryptions(records: number): void {
    this.#encryptions += records;
  }

  /** Subkey K1 of CMAC (SP 800-38B s6.1), in place: not to be kept. */
  get k1(): Buffer {
    return this.#blockCipher().k1;
  }

  /**
   * Encrypts whole blocks, each alone. One cipher serves the whole life of the key: making one costs four times its use.
   *
   * @returns a buffer of the caller's own, to be zeroed by it
   */
  encryptBlocks(blocks: Uint8Array): Buffer {
    return this.#blockCipher().cipher.update(blocks);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Frees and cleanses OpenSSL's key schedule, whose first half is the key itself.
    this.#blocks?.cipher.final();
    if (this.#blocks) this.#memory.giveBack(this.#blocks.k1);
    this.#blocks = undefined;
    this.#memory.giveBack(this.#secret);
  }

  #blockCipher(): BlockCipher {
    this.#checkOpen();
    this.#blocks ??= this.#makeBlockCipher();
    return this.#blocks;
  }

  #makeBlockCipher(): BlockCipher {
    const cipher = createCipheriv('aes-256-ecb', this.#secret, null).setAutoPadding(false);
    const l = cipher.update(new Uint8Array(blockBytes));
    const k1 = this.#memory.take(blockBytes);
    doubleInto(k1, l);
    l.fill(0);
    return { cipher, k1 };
  }

  #checkOpen(): void {
    if (this.#closed) throw new KeyError('PROVIDER_CLOSED', 'the field key is erased');
  }
}

/** Multiplication by x in GF(2^128), without a branch on the secret (SP 800-38B s6.1 step 2). */
function doubleInto(output: Uint8Array, input: Uint8Array): void {
  for (let i = 0; i < blockBytes; i++) {
    output[i] = ((input[i] ?? 0) << 1) | ((input[i + 1] ?? 0) >> 7);
  }
  output[blockBytes - 1] = (output[blockBytes - 1] ?? 0) ^ (0x87 & -((input[0] ?? 0) >> 7));
}
