import type { FieldKey } from '../keys/field-key.ts';

/** Octets of the nonce of XAES-256-GCM: 12 choose the key, 12 are the nonce of GCM. */
export const xaesNonceBytes = 24;
const keyHalf = 12;
const blockBytes = 16;
/** Octets of what one nonce derives: the 32 of the message key, and one block (X1) that masks the commitment. */
const derivedBytes = 3 * blockBytes;
const commitmentBytes = 2 * blockBytes;

/** Where the nonces of a run of records lie. */
export interface Nonces {
  readonly octets: Uint8Array;
  readonly count: number;
  /** Where in `octets` the nonce of an index begins. */
  at(index: number): number;
}

/** What XAES derives from a key for many nonces. Erased by its user. */
export interface MessageKeys {
  /** Key of AES-256-GCM. */
  key(index: number): Buffer;
  /** The 32 octets of the commitment; undefined when none was asked for. */
  commitment(index: number): Buffer | undefined;
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
  return {
    key: (index) => derived.subarray(index * derivedBytes, index * derivedBytes + 32),
    commitment: (index) => commitments?.subarray(index * commitmentBytes, (index + 1) * commitmentBytes),
    erase: () => derived.fill(0),
  };
}

/**
 * For each nonce two blocks of the counter KDF of SP 800-108 with CMAC, 00 01 58 00 and 00 02 58 00 and the first half of the
 * nonce, masked with K1; and "XCMT" with the same half.
 */
function keyBlocks({ octets, count, at }: Nonces, k1: Uint8Array): Buffer {
  const blocks = Buffer.alloc(count * derivedBytes);
  for (let index = 0; index < count; index++) {
    const start = index * derivedBytes;
    const nonce = at(index);
    blocks.set([0, 1, 0x58, 0], start);
    blocks.set([0, 2, 0x58, 0], start + blockBytes);
    blocks.set([0x58, 0x43, 0x4d, 0x54], start + 2 * blockBytes);
    for (let i = 0; i < keyHalf; i++) {
      const octet = octets[nonce + i] ?? 0;
      blocks[start + 4 + i] = octet;
      blocks[start + blockBytes + 4 + i] = octet;
      blocks[start + 2 * blockBytes + 4 + i] = octet;
    }
    for (let i = 0; i < blockBytes; i++) {
      const mask = k1[i] ?? 0;
      blocks[start + i] = (blocks[start + i] ?? 0) ^ mask;
      blocks[start + blockBytes + i] = (blocks[start + blockBytes + i] ?? 0) ^ mask;
    }
  }
  return blocks;
}

/** For each nonce its second half with 00 01 00 01 and with 00 01 00 02, masked with X1 and K1. */
function commitmentBlocks({ octets, count, at }: Nonces, derived: Uint8Array, k1: Uint8Array): Buffer {
  const blocks = Buffer.alloc(count * commitmentBytes);
  for (let index = 0; index < count; index++) {
    const start = index * commitmentBytes;
    const nonce = at(index) + keyHalf;
    const x1 = index * derivedBytes + 2 * blockBytes;
    for (let i = 0; i < blockBytes; i++) {
      const mask = (derived[x1 + i] ?? 0) ^ (k1[i] ?? 0);
      const octet = i < keyHalf ? (octets[nonce + i] ?? 0) : i === 13 ? 1 : 0;
      blocks[start + i] = octet ^ mask ^ (i === 15 ? 1 : 0);
      blocks[start + blockBytes + i] = octet ^ mask ^ (i === 15 ? 2 : 0);
    }
  }
  return blocks;
}
