import type { Clock } from '../clock.ts';
import { newestRevision, type Store, snapshotRows, snapshotRowsSince } from '../store/index.ts';
import type { SignedSnapshot, SnapshotSigner } from './snapshot-signer.ts';
import { SnapshotState } from './snapshot-state.ts';

export interface SnapshotPublisherOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly issuerId: string;
  readonly crlShards: number;
  readonly sign: SnapshotSigner;
  /** From the making of a snapshot to its nextUpdate. */
  readonly validityMs: number;
  /** Told each delta, in order: what became revoked at any server, and now and then that nothing did. */
  readonly onDelta: (delta: SignedSnapshot) => void;
  /** Told once, until it works again. */
  readonly onFailure: (error: unknown) => void;
}

/** So long after another server's revocation this one may not know of it. One look at an index each time. */
const intervalMs = 100;

/** Revocations read, and told, at a time: a delta of 8 KB. */
const pageSize = 1_000;

/** Least time between two full snapshots while much is revoked; who takes one goes on with deltas from there. */
const fullMinGapMs = 5_000;

/** Signed deltas that are kept for whoever comes back from the same revision. */
const maxKept = 256;

/**
 * Keeps the revocation snapshot of an issuer: follows the revocations of all servers that share a ledger, signs a delta
 * for what is new, and has a full snapshot for whoever begins. While the ledger cannot be read or the key not be used,
 * nothing is told and nothing lost: it goes on where it stood.
 */
export class SnapshotPublisher {
  readonly #options: SnapshotPublisherOptions;
  #state: SnapshotState | undefined;
  #loaded: Promise<void> | undefined;
  #full: Promise<SignedSnapshot> | undefined;
  #fullMadeAt = 0;
  #toldRevision = 0;
  #toldAt = 0;
  readonly #deltas = new Map<number, SignedSnapshot>();
  #running: Promise<void> | undefined;
  #isFailing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SnapshotPublisherOptions) {
    this.#options = options;
  }

  /** Begins at the present; what was revoked before is read in the background. */
  async start(): Promise<void> {
    const { store, issuerId, clock } = this.#options;
    this.#toldRevision = await newestRevision(store.read, issuerId);
    this.#toldAt = clock.now();
    this.#state = new SnapshotState(this.#toldRevision);
    this.#timer = setInterval(() => void this.look(), intervalMs);
    this.#timer.unref();
    // Whoever asks before it is there hears of a failure; each asking then tries again.
    void this.#load().catch(this.#options.onFailure);
  }

  /** Looks now; never rejects. */
  look(): Promise<void> {
    this.#running ??= this.#lookOn().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The newest full snapshot; what it lacks, a delta from its revision has. */
  async full(): Promise<SignedSnapshot> {
    await this.#load();
    await this.look();
    if (this.#full === undefined || this.#isDue(await this.#full)) {
      const now = this.#options.clock.now();
      this.#fullMadeAt = now;
      this.#full = this.#makeFull(now);
      // The next one who asks tries again.
      this.#full.catch(() => {
        this.#full = undefined;
      });
    }
    return this.#full;
  }

  /** What became revoked after a revision; everything when that is no longer known, or was never reached here. */
  async deltaFrom(fromRevision: number): Promise<SignedSnapshot> {
    await this.look();
    const { clock, sign } = this.#options;
    const { revision } = this.#known();
    const kept = this.#deltas.get(fromRevision);
    if (kept !== undefined && kept.revision === revision && !this.#isHalfOver(kept)) return kept;
    const entries = this.#known().since(fromRevision, clock.now());
    if (entries === undefined) return this.full();
    const delta = await sign({ kind: 'delta', fromRevision, revision, entries });
    if (this.#deltas.size >= maxKept) this.#deltas.clear();
    this.#deltas.set(fromRevision, delta);
    return delta;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
    // Neither has anybody left who would hear of a failure.
    await this.#loaded?.catch(() => undefined);
    await this.#full?.catch(() => undefined);
  }

  #known(): SnapshotState {
    if (this.#state === undefined) throw new TypeError('the publisher was not started');
    return this.#state;
  }

  #load(): Promise<void> {
    this.#loaded ??= this.#known()
      .load(this.#everything(), this.#options.clock.now)
      .catch((error: unknown) => {
        this.#loaded = undefined;
        throw error;
      });
    return this.#loaded;
  }

  async *#everything() {
    const { store, issuerId, crlShards, clock } = this.#options;
    for (let shard = 0; shard < crlShards; shard++) {
      for await (const page of snapshotRows(store.read, { issuerId, shard, listedFrom: clock.now(), pageSize })) {
        if (this.#isClosed) return;
        yield page;
      }
    }
  }

  async #lookOn(): Promise<void> {
    try {
      await this.#readOn();
      // A relying party must hear something before what it has runs out, be it that there is nothing new.
      // That holds too when the clock was put back, and what they have is of a time that is yet to come.
      if (Math.abs(this.#options.clock.now() - this.#toldAt) >= this.#options.validityMs / 4) await this.#tell();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#options.onFailure(error);
      this.#isFailing = true;
    }
  }

  async #readOn(): Promise<void> {
    const { store, issuerId } = this.#options;
    const state = this.#known();
    for (;;) {
      // What was read and could not be signed is told before more is read.
      if (this.#toldRevision < state.revision) await this.#tell();
      const rows = await snapshotRowsSince(store.read, { issuerId, revision: state.revision, limit: pageSize });
      if (rows.length === 0) return;
      state.add(rows);
      await this.#tell();
      if (rows.length < pageSize) return;
    }
  }

  async #tell(): Promise<void> {
    const { clock, sign, onDelta } = this.#options;
    const { revision } = this.#known();
    const fromRevision = this.#toldRevision;
    const entries = this.#known().since(fromRevision, clock.now());
    if (entries === undefined) throw new Error(`what was revoked after revision ${fromRevision} is not known any more`);
    onDelta(await sign({ kind: 'delta', fromRevision, revision, entries }));
    this.#toldRevision = revision;
    this.#toldAt = clock.now();
  }

  #isDue(full: SignedSnapshot): boolean {
    if (this.#isHalfOver(full)) return true;
    const madeAgo = Math.abs(this.#options.clock.now() - this.#fullMadeAt);
    return full.revision < this.#known().revision && madeAgo >= fullMinGapMs;
  }

  #isHalfOver({ thisUpdate, nextUpdate }: SignedSnapshot): boolean {
    const now = this.#options.clock.now();
    return now < thisUpdate || now >= (thisUpdate + nextUpdate) / 2;
  }

  async #makeFull(now: number): Promise<SignedSnapshot> {
    const { revision, entries } = await this.#known().all(now);
    return this.#options.sign({ kind: 'full', fromRevision: 0, revision, entries });
  }
}
