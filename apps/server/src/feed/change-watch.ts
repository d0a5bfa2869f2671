import {
  changesSince,
  listIssuers,
  newestChange,
  newestRevision,
  revocationsSince,
  type Store,
} from '../store/index.ts';
import type { ChangeFeed } from './change-feed.ts';

export interface ChangeWatchOptions {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly onFailure: (error: unknown) => void;
}

/** So long after a change of any server its readers may still not know of it. Two looks at an index each time. */
const intervalMs = 100;

/** Looks between two at the list of issuers; a new one begins to revoke much later than that. */
const looksPerIssuerList = 100;

/** Rows read at a time. */
const pageSize = 1_000;

/**
 * Follows the changes of all servers that share a ledger, and tells the readers of this one: the log of changes in its
 * order, and revocations, which end the feeds of the certificates concerned. While the ledger cannot be read nothing is
 * told, and nothing lost: it goes on where it stood.
 */
export class ChangeWatch {
  readonly #options: ChangeWatchOptions;
  readonly #revisions = new Map<string, number>();
  #position = 0;
  #looks = 0;
  #running: Promise<void> | undefined;
  #isFailing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ChangeWatchOptions) {
    this.#options = options;
  }

  /** Every change up to this one has been told. */
  get position(): number {
    return this.#position;
  }

  /** Begins at the present; call it before the first reader comes. */
  async start(): Promise<void> {
    const { read } = this.#options.store;
    this.#position = await newestChange(read);
    for (const { issuerId } of await listIssuers(read)) {
      this.#revisions.set(issuerId, await newestRevision(read, issuerId));
    }
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
      this.#looks += 1;
      if (this.#looks % looksPerIssuerList === 0) await this.#findNewIssuers();
      for (const [issuerId, revision] of this.#revisions) await this.#endRevoked(issuerId, revision);
      await this.#tellChanges();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#options.onFailure(error);
      this.#isFailing = true;
    }
  }

  /** Of a server of the cluster that has another CA by now. */
  async #findNewIssuers(): Promise<void> {
    for (const { issuerId } of await listIssuers(this.#options.store.read)) {
      if (!this.#revisions.has(issuerId)) this.#revisions.set(issuerId, 0);
    }
  }

  async #tellChanges(): Promise<void> {
    const { store, feed } = this.#options;
    for (;;) {
      const page = await changesSince(store.read, { id: this.#position, limit: pageSize });
      for (const { id, event, data } of page) {
        feed.publish({ id, event, data });
        this.#position = id;
      }
      if (page.length < pageSize) return;
    }
  }

  async #endRevoked(issuerId: string, after: number): Promise<void> {
    const { store, feed } = this.#options;
    let revision = after;
    for (;;) {
      const page = await revocationsSince(store.read, { issuerId, revision, limit: pageSize });
      if (page.length > 0) feed.endRevoked(issuerId, new Set(page.map(({ serialNumber }) => serialNumber)));
      revision = page.at(-1)?.revision ?? revision;
      this.#revisions.set(issuerId, revision);
      if (page.length < pageSize) return;
    }
  }
}
