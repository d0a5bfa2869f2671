import type { Certificate } from '@vcc-pki/x509';
import { LRUCache } from 'lru-cache';
import type { KekState } from './judge-use.ts';
import type { Moment } from './trusted-clock.ts';

/** Key material that is erased as soon as nobody uses it any more. */
export interface ErasableKey {
  close(): void;
}

/** A version as the server describes it; no secret. */
export interface KekDescription {
  /** `kek_123`; never used again for another version. */
  readonly id: string;
  readonly lineName: string;
  readonly lineId: number;
  readonly version: number;
  readonly state: KekState;
  readonly isCompromised: boolean;
  /** Of the log of transitions: of two descriptions the one with the higher epoch is true. */
  readonly epoch: number;
  /** Milliseconds since the epoch. */
  readonly notBeforeWriteMs: number;
  readonly notAfterWriteMs: number;
}

/** A version with its secret, validated. Members that change do so by whoever validates it. */
export interface CachedKek<Key extends ErasableKey> {
  description: KekDescription;
  readonly certificateDer: Uint8Array;
  readonly serialNumber: Uint8Array;
  /** Whose CRL speaks of it, and where that is. */
  readonly issuer: Certificate;
  readonly crlPoint: string | undefined;
  /** DER, to validate it anew. */
  readonly intermediates: readonly Uint8Array[];
  readonly handle: Key;
  isRevoked: boolean;
  /** When the server last said that it is as described. */
  confirmedAt: Moment;
  /** When path, CRL and secret were last looked at as a whole; how long that took and when it is due again. */
  validatedAt: Moment;
  refreshAfterMs: number;
  crlNextUpdateMs: number | undefined;
}

/**
 * The versions in memory. Pinned are what is written with and what must be read at any moment: of each line the primary,
 * what is pending, and the newest of the others. The rest goes when there is no room, the least recently used first.
 * Whatever leaves is closed: its secret and all keys derived from it are erased when nobody uses them any more.
 */
export class KekCache<Key extends ErasableKey> {
  readonly #pinned = new Map<string, CachedKek<Key>>();
  readonly #others: LRUCache<string, CachedKek<Key>>;
  /** `<line number>/<version>` to id. */
  readonly #byVersion = new Map<string, string>();
  readonly #primaries = new Map<string, CachedKek<Key>>();
  #evictions = 0;

  constructor({ maxVersions }: { readonly maxVersions: number }) {
    this.#others = new LRUCache({
      max: maxVersions,
      dispose: (entry, _id, reason) => {
        if (reason !== 'evict') return;
        this.#evictions += 1;
        this.#forget(entry);
      },
    });
  }

  get size(): number {
    return this.#pinned.size + this.#others.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  *entries(): Generator<CachedKek<Key>> {
    yield* this.#pinned.values();
    yield* this.#others.values();
  }

  find(id: string): CachedKek<Key> | undefined {
    return this.#pinned.get(id) ?? this.#others.get(id);
  }

  findVersion(lineId: number, version: number): CachedKek<Key> | undefined {
    const id = this.#byVersion.get(versionKey(lineId, version));
    return id === undefined ? undefined : this.find(id);
  }

  /** The version of a line that is written with. */
  primary(lineName: string): CachedKek<Key> | undefined {
    return this.#primaries.get(lineName);
  }

  /** Keeps a version; one that it replaces is closed. */
  put(entry: CachedKek<Key>): void {
    const { id, lineId, version } = entry.description;
    const old = this.find(id);
    if (old !== undefined && old !== entry) this.drop(id);
    this.#byVersion.set(versionKey(lineId, version), id);
    // Pinned until it is settled, so that nothing is evicted for one that is pinned in the end.
    if (!this.#others.has(id)) this.#pinned.set(id, entry);
    this.#arrange(entry.description.lineName);
  }

  /** Takes over a new description of a version that is kept. */
  describe(description: KekDescription): void {
    const entry = this.find(description.id);
    if (entry === undefined) return;
    entry.description = description;
    this.#arrange(description.lineName);
  }

  /** Forgets a version and has its secret erased. */
  drop(id: string): void {
    const entry = this.find(id);
    if (entry === undefined) return;
    this.#pinned.delete(id);
    this.#others.delete(id);
    this.#forget(entry);
    this.#arrange(entry.description.lineName);
  }

  clear(): void {
    for (const { description } of [...this.entries()]) this.drop(description.id);
  }

  #forget(entry: CachedKek<Key>): void {
    const { lineName, lineId, version } = entry.description;
    this.#byVersion.delete(versionKey(lineId, version));
    if (this.#primaries.get(lineName) === entry) this.#primaries.delete(lineName);
    entry.handle.close();
  }

  /** Settles which version of a line is the primary and which are pinned. */
  #arrange(lineName: string): void {
    const line = [...this.entries()].filter(({ description }) => description.lineName === lineName);
    const primary = line.find(({ description }) => description.state === 'PRIMARY');
    if (primary === undefined) this.#primaries.delete(lineName);
    else this.#primaries.set(lineName, primary);
    const newest = line
      .filter(({ description }) => description.state === 'ENABLED')
      .sort((a, b) => b.description.version - a.description.version)[0];
    for (const entry of line) {
      const isPinned = entry === primary || entry === newest || entry.description.state === 'PENDING';
      const { id } = entry.description;
      if (isPinned === this.#pinned.has(id)) continue;
      if (isPinned) {
        this.#others.delete(id);
        this.#pinned.set(id, entry);
      } else {
        this.#pinned.delete(id);
        this.#others.set(id, entry);
      }
    }
  }
}

function versionKey(lineId: number, version: number): string {
  return `${lineId}/${version}`;
}
