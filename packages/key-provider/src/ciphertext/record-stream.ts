import { timingSafeEqual } from 'node:crypto';
import { KeyError } from '../key-error.ts';
import { gcmCipher, gcmDecipher } from './gcm.ts';
import type { RecordRun } from './record-cipher.ts';
import { layoutOf, tagBytes } from './record-header.ts';
import { deriveMessageKeys, xaesNonceBytes } from './xaes.ts';

/** Octets of plaintext in every chunk but the last. */
export const chunkBytes = 65_536;

/** Octets at the start of the nonce of every chunk, from the nonce of the stream (docs/ciphertext-format.md, "Streams"). */
const prefixBytes = 7;
const maxChunks = 2 ** 32;

/**
 * The chunks of one stream under its own key (the STREAM construction, eprint 2015/189): the nonce of a chunk is 7 octets of the
 * stream's, its number, and whether it is the last. Chunks cannot be left out, swapped, repeated or cut off unnoticed.
 */
export class ChunkCipher {
  /** Nonce and commitment, which stand before the first chunk. */
  readonly opening: Uint8Array;
  readonly #key: Buffer;
  readonly #nonce = Buffer.alloc(12);
  readonly #aad: Uint8Array;
  readonly #names: { readonly kekLine: number; readonly kekVersion: number };
  #chunk = 0;

  /** @param nonce of the stream, 24 octets */
  constructor({ key, header }: Pick<RecordRun, 'key' | 'header'>, nonce: Uint8Array, aad: Uint8Array) {
    const keys = deriveMessageKeys(key, { octets: nonce, count: 1, at: () => 0 }, true);
    this.opening = Buffer.concat([nonce, keys.commitments ?? Buffer.alloc(0)]);
    this.#key = Buffer.from(keys.key(0));
    keys.erase();
    this.#nonce.set(nonce.subarray(xaesNonceBytes / 2, xaesNonceBytes / 2 + prefixBytes));
    this.#aad = aad;
    this.#names = { kekLine: header.lineId, kekVersion: header.version };
  }

  seal(plaintext: Uint8Array, last: boolean): Uint8Array {
    const cipher = gcmCipher(this.#key, this.#nextNonce(last)).setAAD(this.#aad);
    const body = cipher.update(plaintext);
    cipher.final();
    return Buffer.concat([body, cipher.getAuthTag()]);
  }

  /** @throws {@link KeyError} `TAMPERED`; nothing of the chunk is released then */
  open(chunk: Uint8Array, last: boolean): Uint8Array {
    const nonce = this.#nextNonce(last);
    if (chunk.length < tagBytes) throw new KeyError('TAMPERED', 'the stream is cut short', this.#names);
    const decipher = gcmDecipher(this.#key, nonce).setAAD(this.#aad);
    decipher.setAuthTag(chunk.subarray(-tagBytes));
    const plaintext = decipher.update(chunk.subarray(0, -tagBytes));
    try {
      decipher.final();
      return plaintext;
    } catch (cause) {
      plaintext.fill(0);
      throw new KeyError('TAMPERED', 'a chunk was changed, moved or cut off, or the stream is of another document', {
        ...this.#names,
        cause,
      });
    }
  }

  erase(): void {
    this.#key.fill(0);
  }

  #nextNonce(last: boolean): Buffer {
    if (this.#chunk === maxChunks) throw new RangeError('a stream has at most 2^32 chunks of 64 KiB');
    this.#nonce.writeUInt32BE(this.#chunk, prefixBytes);
    this.#nonce[11] = last ? 1 : 0;
    this.#chunk++;
    return this.#nonce;
  }
}

/** The cipher for a stream that was begun, once nonce and commitment have been read. @throws {@link KeyError} `WRONG_KEY` */
export function openChunks(run: RecordRun, opening: Uint8Array, aad: Uint8Array): ChunkCipher {
  const cipher = new ChunkCipher(run, opening.subarray(0, xaesNonceBytes), aad);
  if (timingSafeEqual(cipher.opening, opening)) return cipher;
  cipher.erase();
  const { lineId, version } = run.header;
  throw new KeyError('WRONG_KEY', 'another key, tenant, collection or field, or a damaged nonce or commitment', {
    kekLine: lineId,
    kekVersion: version,
  });
}

/** Octets before the first chunk. */
export function openingEnd({ header }: Pick<RecordRun, 'header'>): number {
  return layoutOf(header).bodyOffset;
}
