import type { FieldKey } from '../keys/field-key.ts';

/** Octets of the nonce of XAES-256-GCM: 12 choose the key, 12 are the nonce of GCM. */
export const xaesNonceBytes = 24;
const keyHalf = 12;
const blockBytes = 16;
/** Octets of what one nonce derives: the 32 of the message key, and one block (X1) that masks the commitment. */
const derivedBytes = 3 * blockBytes;
export const commitmentBytes = 2 * blockBytes;

/** Where the nonces of a run of records lie. */
export interface Nonces {
  readonly octets: Uint8Array;
  readonly count: number;
  /** Where in `octets` the nonce of an index begins. */
  at(index: number): number;
}

/** What XAES derives from a key for many nonces. Erased by its user. */
export interface MessageKeys {
  /** Key of AES-256-GCM, in one place for all: to be used before the next is asked for. */
  key(index: number): Uint8Array;
  /** The commitments, of 32 octets each, one after another; undefined when none were asked for. */
  readonly commitments: Buffer | undefined;
  erase(): void;
}

/**
 * Derives message keys (C2SP XAES-256-GCM) and key commitments (KC-XAES-256-GCM, eprint 2025/758) for a run of nonces with two
 * passes through the block cipher, however many they are.
 */
export function deriveMessageKeys(key: FieldKey, nonces: Nonces, committing: boolean): MessageKeys {
  const blocks = keyBlocks(nonces, key.k1);
  const derived = key.encryptBlocks(blocks);
  // Masked with K1: secret too.
  blocks.fill(0);
  const masked = committing ? commitmentBlocks(nonces, derived, key.k1) : undefined;
  const commitments = masked && key.encryptBlocks(masked);
  masked?.fill(0);
  const messageKey = new Uint8Array(2 * blockBytes);
  return {
    key: (index) => {
      const start = index * derivedBytes;
      for (let i = 0; i < messageKey.length; i++) messageKey[i] = derived[start + i] as number;
      return messageKey;
    },
    commitments,
    erase: () => {
      derived.fill(0);
      messageKey.fill(0);
    },
  };
}

/**
 * For each nonce two blocks of the counter KDF of SP 800-108 with CMAC, 00 01 58 00 and 00 02 58 00 and the first half of the
 * nonce, masked with K1; and "XCMT" with the same half.
 */
function keyBlocks({ octets, count, at }: Nonces, k1: Uint8Array): Buffer {
  const blocks = Buffer.allocUnsafe(count * derivedBytes);
  const template = keyBlockTemplate(k1);
  for (let index = 0, start = 0; index < count; index++, start += derivedBytes) {
    blocks.set(template, start);
    const nonce = at(index);
    for (let i = 0; i < keyHalf; i++) {
      const octet = octets[nonce + i] as number;
      const place = start + 4 + i;
      blocks[place] = (template[4 + i] as number) ^ octet;
      blocks[place + blockBytes] = (template[blockBytes + 4 + i] as number) ^ octet;
      blocks[place + 2 * blockBytes] = octet;
    }
  }
  template.fill(0);
  return blocks;
}

/** The three blocks of a nonce of zeros. */
function keyBlockTemplate(k1: Uint8Array): Uint8Array {
  const template = Uint8Array.of(...k1, ...k1, 0x58, 0x43, 0x4d, 0x54, ...new Uint8Array(keyHalf));
  for (const [counter, start] of [
    [1, 0],
    [2, blockBytes],
  ] as const) {
    template[start + 1] = (template[start + 1] as number) ^ counter;
    template[start + 2] = (template[start + 2] as number) ^ 0x58;
  }
  return template;
}

/** For each nonce its second half with 00 01 00 01 and with 00 01 00 02, masked with X1 and K1. */
function commitmentBlocks({ octets, count, at }: Nonces, derived: Uint8Array, k1: Uint8Array): Buffer {
  const blocks = Buffer.allocUnsafe(count * commitmentBytes);
  const half = new Uint8Array(blockBytes);
  half[13] = 1;
  for (let index = 0, start = 0; index < count; index++, start += commitmentBytes) {
    const nonce = at(index) + keyHalf;
    const x1 = index * derivedBytes + 2 * blockBytes;
    for (let i = 0; i < keyHalf; i++) half[i] = octets[nonce + i] as number;
    for (let i = 0; i < blockBytes; i++) {
      const masked = (half[i] as number) ^ (derived[x1 + i] as number) ^ (k1[i] as number);
      blocks[start + i] = masked;
      blocks[start + blockBytes + i] = masked;
    }
    blocks[start + blockBytes - 1] = (blocks[start + blockBytes - 1] as number) ^ 1;
    blocks[start + commitmentBytes - 1] = (blocks[start + commitmentBytes - 1] as number) ^ 2;
  }
  return blocks;
}
