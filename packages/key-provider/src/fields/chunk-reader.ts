/** Reads pieces of wanted sizes from a source of pieces of any size. */
export class ChunkReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly `length` octets, or the fewer that are left. */
  async read(length: number): Promise<Uint8Array> {
    await this.#fill(length);
    const all = this.#pieces.length === 1 ? (this.#pieces[0] ?? new Uint8Array(0)) : Buffer.concat(this.#pieces);
    const rest = all.subarray(length);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    return all.subarray(0, length);
  }

  /** Whether nothing is left; waits for the source to say so. */
  async atEnd(): Promise<boolean> {
    await this.#fill(1);
    return this.#held === 0;
  }

  /** Lets the source go; it may not have been read to its end. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  async #fill(length: number): Promise<void> {
    while (this.#held < length && !this.#ended) {
      const { done, value } = await this.#source.next();
      if (done) {
        this.#ended = true;
      } else if (value.length > 0) {
        this.#pieces.push(value);
        this.#held += value.length;
      }
    }
  }
}
