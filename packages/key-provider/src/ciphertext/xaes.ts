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
  /** Key of AES-256-GCM, in one place for all, of other derivations too: to be used before the next is asked for. */
  key(index: number): Uint8Array;
  /** The commitments, of 32 octets each, one after another; undefined when none were asked for. */
  readonly commitments: Buffer | undefined;
  erase(): void;
}

/**
 * Blocks of a single record, which is most of what a service that writes one value at a time derives: making buffers for them
 * costs more than filling them. Nothing here waits, so that nobody else can come in between; zeroed after each use.
 */
const single = { keyBlocks: new Uint8Array(derivedBytes), commitmentBlocks: new Uint8Array(commitmentBytes) };

/** The one key that is in use at a time, and the same memory as words: eight moves instead of thirty-two. */
const messageKey = new Uint8Array(2 * blockBytes);
const messageKeyWords = new Uint32Array(messageKey.buffer);

/**
 * Derives message keys (C2SP XAES-256-GCM) and key commitments (KC-XAES-256-GCM, eprint 2025/758) for a run of nonces with two
 * passes through the block cipher, however many they are.
 */
export function deriveMessageKeys(key: FieldKey, nonces: Nonces, committing: boolean): MessageKeys {
  const blocks = nonces.count === 1 ? single.keyBlocks : new Uint8Array(nonces.count * derivedBytes);
  writeKeyBlocks(blocks, nonces, key.k1);
  const derived = key.encryptBlocks(blocks);
  // Masked with K1: secret too.
  blocks.fill(0);
  const commitments = committing ? commitmentsOf(key, nonces, derived) : undefined;
  const words = new Uint32Array(derived.buffer, derived.byteOffset, derived.length / 4);
  return {
    key: (index) => {
      const start = (index * derivedBytes) / 4;
      for (let i = 0; i < messageKeyWords.length; i++) messageKeyWords[i] = words[start + i] as number;
      return messageKey;
    },
    commitments,
    erase: () => {
      derived.fill(0);
      messageKey.fill(0);
    },
  };
}

function commitmentsOf(key: FieldKey, nonces: Nonces, derived: Uint8Array): Buffer {
  const blocks = nonces.count === 1 ? single.commitmentBlocks : new Uint8Array(nonces.count * commitmentBytes);
  writeCommitmentBlocks(blocks, nonces, derived, key.k1);
  const commitments = key.encryptBlocks(blocks);
  blocks.fill(0);
  return commitments;
}

/**
 * For each nonce two blocks of the counter KDF of SP 800-108 with CMAC, 00 01 58 00 and 00 02 58 00 and the first half of the
 * nonce, masked with K1; and "XCMT" with the same half.
 */
function writeKeyBlocks(blocks: Uint8Array, { octets, count, at }: Nonces, k1: Uint8Array): void {
  const [a, b, c, d] = k1 as unknown as readonly [number, number, number, number];
  for (let index = 0, start = 0; index < count; index++, start += derivedBytes) {
    const nonce = at(index);
    blocks[start] = blocks[start + 16] = a;
    blocks[start + 1] = b ^ 1;
    blocks[start + 17] = b ^ 2;
    blocks[start + 2] = blocks[start + 18] = c ^ 0x58;
    blocks[start + 3] = blocks[start + 19] = d;
    blocks[start + 32] = 0x58;
    blocks[start + 33] = 0x43;
    blocks[start + 34] = 0x4d;
    blocks[start + 35] = 0x54;
    for (let i = 0; i < keyHalf; i++) {
      const octet = octets[nonce + i] as number;
      const place = start + 4 + i;
      blocks[place] = blocks[place + blockBytes] = (k1[4 + i] as number) ^ octet;
      blocks[place + 2 * blockBytes] = octet;
    }
  }
}

/** For each nonce its second half with 00 01 00 01 and with 00 01 00 02, masked with X1 and K1. */
function writeCommitmentBlocks(
  blocks: Uint8Array,
  { octets, count, at }: Nonces,
  derived: Uint8Array,
  k1: Uint8Array,
): void {
  for (let index = 0, start = 0; index < count; index++, start += commitmentBytes) {
    const nonce = at(index) + keyHalf;
    const x1 = index * derivedBytes + 2 * blockBytes;
    for (let i = 0; i < blockBytes; i++) {
      const octet = i < keyHalf ? (octets[nonce + i] as number) : i === keyHalf + 1 ? 1 : 0;
      blocks[start + i] = blocks[start + blockBytes + i] = octet ^ (derived[x1 + i] as number) ^ (k1[i] as number);
    }
    blocks[start + blockBytes - 1] = (blocks[start + blockBytes - 1] as number) ^ 1;
    blocks[start + commitmentBytes - 1] = (blocks[start + commitmentBytes - 1] as number) ^ 2;
  }
}
