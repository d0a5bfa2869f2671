import { newestRevision, revocationsSince, type Store } from '../store/index.ts';

/** A serial number of one issuer; lower-case hex. */
export interface IssuedSerial {
  readonly issuerId: string;
  readonly serialNumber: string;
}

export interface RevocationWatchOptions {
  readonly store: Store;
  readonly issuerIds: readonly string[];
  /** Told each serial number that any server of the cluster has revoked, or has changed the reason of. */
  readonly onRevoked: (serial: IssuedSerial) => void;
  readonly onFailure: (error: unknown) => void;
}

/** So long after another server has revoked a certificate, this one may still say good. */
const intervalMs = 1_000;

/** Revocations read at a time. */
const pageSize = 1_000;

/**
 * Learns of the revocations of all servers that share a ledger: reads on in each issuer's list, which is one look at an
 * index when nothing has happened. While the ledger cannot be read nothing is learned, and nothing lost: it goes on
 * where it stood.
 */
export class RevocationWatch {
  readonly #options: RevocationWatchOptions;
  readonly #seen = new Map<string, number>();
  #running: Promise<void> | undefined;
  #isFailing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RevocationWatchOptions) {
    this.#options = options;
  }

  /** Begins at the present; call it before the first answer is made. */
  async start(): Promise<void> {
    const { store, issuerIds } = this.#options;
    for (const issuerId of issuerIds) this.#seen.set(issuerId, await newestRevision(store.read, issuerId));
    this.#timer = setInterval(() => void this.look(), intervalMs);
    this.#timer.unref();
  }

  /** Looks now; never rejects. A failure is told once, until it works again. */
  look(): Promise<void> {
    this.#running ??= this.#lookAtAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #lookAtAll(): Promise<void> {
    try {
      for (const [issuerId, revision] of this.#seen) await this.#readOn(issuerId, revision);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#options.onFailure(error);
      this.#isFailing = true;
    }
  }

  async #readOn(issuerId: string, after: number): Promise<void> {
    const { store, onRevoked } = this.#options;
    let revision = after;
    for (;;) {
      const page = await revocationsSince(store.read, { issuerId, revision, limit: pageSize });
      for (const { serialNumber } of page) onRevoked({ issuerId, serialNumber });
      revision = page.at(-1)?.revision ?? revision;
      this.#seen.set(issuerId, revision);
      if (page.length < pageSize) return;
    }
  }
}
