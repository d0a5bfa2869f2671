import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What is used of the optional package `sodium-native`. */
interface Sodium {
  sodium_malloc(size: number): Buffer;
  sodium_memzero(buffer: Buffer): void;
}

/** Octets of a slot: the longest secret kept in one is the 64 octets of AES-256-SIV. */
const slotBytes = 64;

/** 1,024 slots: one mapping with guard pages for all of them (many small ones exhaust the maps of a process). */
const slabBytes = 65_536;

/**
 * Memory for seeds and keys: slots of a slab that libsodium keeps out of swap and core dumps where the optional package
 * `sodium-native` is installed, and a plain buffer elsewhere. A slot is zero when it is given back.
 *
 * What JavaScript cannot promise is written in docs/field-encryption.md.
 */
export class SecretMemory {
  /** Whether slots lie in memory of libsodium. */
  readonly secure: boolean;
  readonly #sodium: Sodium | undefined;
  readonly #slabs: Buffer[] = [];
  #free: Buffer[] = [];
  #taken = 0;

  /** @param options.secure `false` never asks for libsodium. */
  constructor({ secure = true }: { readonly secure?: boolean } = {}) {
    this.#sodium = secure ? loadSodium() : undefined;
    this.secure = this.#sodium !== undefined;
  }

  /** Slots in use. */
  get taken(): number {
    return this.#taken;
  }

  /** A slot of zeros, of which the first `length` octets are given out. */
  take(length: number): Buffer {
    if (length > slotBytes) throw new RangeError(`a slot holds ${slotBytes} octets, not ${length}`);
    const slot = this.#free.pop() ?? this.#grow();
    this.#taken++;
    return slot.subarray(0, length);
  }

  /** Zeroes a slot and keeps it for the next one. */
  giveBack(slot: Buffer): void {
    slot.fill(0);
    this.#taken--;
    this.#free.push(Buffer.from(slot.buffer, slot.byteOffset, slotBytes));
  }

  /** Octets of this process that the system holds in memory (VmLck); undefined where it does not say. */
  lockedBytes(): number | undefined {
    try {
      const kibibytes = /^VmLck:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
      return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
    } catch {
      // Not Linux: libsodium may have locked the slab, and nobody can be asked.
      return undefined;
    }
  }

  #grow(): Buffer {
    const slab = this.#sodium?.sodium_malloc(slabBytes) ?? Buffer.allocUnsafeSlow(slabBytes);
    slab.fill(0);
    // Held here so that no slot outlives its slab.
    this.#slabs.push(slab);
    const slots = Array.from({ length: slabBytes / slotBytes }, (_, i) =>
      slab.subarray(i * slotBytes, (i + 1) * slotBytes),
    );
    const first = slots.pop();
    if (first === undefined) throw new RangeError('a slab has slots');
    this.#free = slots.concat(this.#free);
    return first;
  }
}

function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    // An optional dependency: `secure` says that it is not there.
    return undefined;
  }
}

/** The memory that all keys of a process share unless they are given another. */
let shared: SecretMemory | undefined;

export function sharedSecretMemory(): SecretMemory {
  shared ??= new SecretMemory();
  return shared;
}
