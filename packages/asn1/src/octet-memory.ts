/**
 * Remembers what was made of octets that come again and again, as OIDs and the names of issuers do: it is found by the
 * octets themselves. Of fixed size: what is new takes the place of something old. What is kept is shared, and must not be
 * changed any more.
 */
export class OctetMemory<T> {
  readonly #slots: ({ readonly octets: Uint8Array; readonly value: T } | undefined)[];

  /** @param size how many values are kept at most; a power of two. */
  constructor(size: number) {
    this.#slots = new Array(size);
  }

  /** What is kept for the octets of `bytes` from `start` to before `end`. */
  find(bytes: Uint8Array, start = 0, end = bytes.length): T | undefined {
    const slot = this.#slots[this.#slotOf(bytes, start, end)];
    if (slot === undefined || slot.octets.length !== end - start) return undefined;
    const { octets, value } = slot;
    for (let i = 0; i < octets.length; i++) if (octets[i] !== bytes[start + i]) return undefined;
    return value;
  }

  /** @param octets are copied. */
  keep(octets: Uint8Array, value: T): void {
    this.#slots[this.#slotOf(octets, 0, octets.length)] = { octets: octets.slice(), value };
  }

  /** FNV-1a. Who makes collisions pushes others out and gains nothing by it: equality decides. */
  #slotOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    return (hash ^ (hash >>> 15)) & (this.#slots.length - 1);
  }
}
