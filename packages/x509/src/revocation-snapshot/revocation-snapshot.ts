import type { SerialNumber } from '../serial-number.ts';
import { entryOctets, hasEntry, mergeEntries, snapshotEntry } from './snapshot-entries.ts';
import { RevocationSnapshotError } from './snapshot-error.ts';
import { type VerifiedRevocationSnapshot, verifyRevocationSnapshot } from './verify-revocation-snapshot.ts';

/** So many entries from deltas are kept beside the large array before they are merged into it. */
const maxRecent = 4_096;

/**
 * What is revoked of one issuer's certificates, as of the last snapshot or delta that was taken: 8 octets a certificate,
 * so a million take 8 MB. It only ever moves forward, and takes nothing that is not signed by who may.
 */
export class RevocationSnapshot {
  readonly #issuer: Uint8Array;
  #entries: Uint8Array = new Uint8Array(0);
  #recent = new Set<string>();
  #revision = 0;
  #thisUpdate = 0;
  #nextUpdate = 0;

  private constructor(issuer: Uint8Array) {
    this.#issuer = issuer;
  }

  /**
   * Opens a full snapshot.
   * @param options.issuer DER of the certificate of the CA that it is about. `at`: milliseconds since the epoch.
   * @throws {@link RevocationSnapshotError}; {@link DerError}, {@link X509Error} when it is malformed.
   */
  static async open(
    der: Uint8Array,
    options: { readonly issuer: Uint8Array; readonly at: number },
  ): Promise<RevocationSnapshot> {
    const snapshot = new RevocationSnapshot(options.issuer);
    const first = await verifyRevocationSnapshot(der, options);
    if (first.kind !== 'full') throw new RevocationSnapshotError('notFull', 'a delta has nothing here to be added to');
    snapshot.#replace(first);
    return snapshot;
  }

  /** Every change of the issuer's list up to this one is known. */
  get revision(): number {
    return this.#revision;
  }

  get thisUpdate(): number {
    return this.#thisUpdate;
  }

  /** After this, silence means that nothing is known. */
  get nextUpdate(): number {
    return this.#nextUpdate;
  }

  /** Whether what it says still counts. */
  isFresh(at: number): boolean {
    // The last second counts whole, as in a certificate (RFC 5280 s4.1.2.5).
    return at < this.#nextUpdate + 1000;
  }

  /** Whether a certificate of the issuer is revoked. */
  isRevoked(serialNumber: SerialNumber): boolean {
    const entry = snapshotEntry(serialNumber);
    return this.#recent.has(keyOf(entry)) || hasEntry(this.#entries, entry);
  }

  /**
   * Takes a delta, or a newer full snapshot.
   * @returns `known` when it has nothing that was not known: deltas come again after a lost connection.
   * @throws {@link RevocationSnapshotError} among others `gap` for a delta that does not connect, and `rollback` for a
   *   full snapshot of an earlier revision; {@link DerError}, {@link X509Error} when it is malformed. Nothing is changed.
   */
  async apply(der: Uint8Array, at: number): Promise<'applied' | 'known'> {
    const next = await verifyRevocationSnapshot(der, { issuer: this.#issuer, at });
    if (next.kind === 'full') return this.#takeFull(next);
    if (next.fromRevision > this.#revision) {
      const missing = `revisions ${this.#revision + 1} to ${next.fromRevision} are missing`;
      throw new RevocationSnapshotError('gap', `the delta does not connect: ${missing}`);
    }
    if (!this.#isNewer(next)) return 'known';
    this.#add(next);
    return 'applied';
  }

  #takeFull(next: VerifiedRevocationSnapshot): 'applied' | 'known' {
    if (next.revision < this.#revision) {
      const message = `the snapshot has revision ${next.revision}, and ${this.#revision} is known`;
      throw new RevocationSnapshotError('rollback', message);
    }
    if (!this.#isNewer(next)) return 'known';
    this.#replace(next);
    return 'applied';
  }

  #isNewer({ revision, thisUpdate }: VerifiedRevocationSnapshot): boolean {
    return revision > this.#revision || (revision === this.#revision && thisUpdate > this.#thisUpdate);
  }

  #replace(next: VerifiedRevocationSnapshot): void {
    // A copy: the entries are a part of what was received, certificates and all.
    this.#entries = next.entries.slice();
    this.#recent = new Set();
    this.#moveTo(next);
  }

  #add(next: VerifiedRevocationSnapshot): void {
    if (next.entries.length > maxRecent * entryOctets) this.#entries = mergeEntries(this.#entries, next.entries);
    else for (const entry of entriesOf(next.entries)) this.#recent.add(keyOf(entry));
    if (this.#recent.size > maxRecent) this.#mergeRecent();
    this.#moveTo(next);
  }

  #mergeRecent(): void {
    const sorted = Buffer.from([...this.#recent].sort().join(''), 'hex');
    this.#entries = mergeEntries(this.#entries, sorted);
    this.#recent = new Set();
  }

  /** The clocks of two servers may differ: a newer revision never shortens what was promised. */
  #moveTo({ revision, thisUpdate, nextUpdate }: VerifiedRevocationSnapshot): void {
    this.#revision = revision;
    this.#thisUpdate = Math.max(this.#thisUpdate, thisUpdate);
    this.#nextUpdate = Math.max(this.#nextUpdate, nextUpdate);
  }
}

function keyOf(entry: Uint8Array): string {
  return Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength).toString('hex');
}

function* entriesOf(entries: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < entries.length; at += entryOctets) yield entries.subarray(at, at + entryOctets);
}
