import { Readable } from 'node:stream';

/** What may wait for a reader that does not read: some thousand events. */
const maxWaitingBytes = 262_144;

/** The octets of one reader's feed. It never holds more than a bounded number of them. */
export class FeedStream extends Readable {
  constructor() {
    super({ highWaterMark: maxWaitingBytes });
  }

  /** @returns false when the reader is too slow for more; nothing was taken then. */
  offer(chunk: Buffer): boolean {
    if (this.destroyed || this.readableEnded) return true;
    if (this.readableLength + chunk.length > maxWaitingBytes) return false;
    this.push(chunk);
    return true;
  }

  /** Ends it behind what is waiting. */
  finish(): void {
    if (!this.destroyed) this.push(null);
  }

  /** Everything comes by {@link offer}. */
  override _read(): void {}
}
