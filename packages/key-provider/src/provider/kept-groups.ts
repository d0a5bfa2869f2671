import type { KekGroupResource } from '@vcc-pki/api';
import { judgeUse } from '../cache/judge-use.ts';
import type { Moment } from '../cache/trusted-clock.ts';
import { within } from '../cache/within.ts';
import type { GroupSource, GroupState } from '../groups/group-source.ts';
import { principal } from '../groups/principal.ts';
import { KeyError } from '../key-error.ts';
import { GroupKeyRing, type GroupKeyRingOptions, type OpenSavedKey, type SealKey } from './group-key-ring.ts';
import type { HeldGroupKey } from './held-group-key.ts';
import type { KekServer } from './kek-server.ts';
import type { SavedGroups } from './sealed-cache.ts';

export interface KeptGroupsOptions extends GroupKeyRingOptions {
  readonly server: KekServer;
}

/** A group as the server lists it. */
interface ListedGroup extends GroupState {
  readonly keyId: string | null;
}

/** A group as it is used here. */
interface KeptGroup extends ListedGroup {
  /** When the server last said that it is so. */
  readonly confirmedAt: Moment;
}

/**
 * The groups of a tenant that this service is a member of, as the server has them: a new epoch is written with when its key
 * is in memory, and what the service is no member of any more is erased at once.
 */
export class KeptGroups implements GroupSource {
  readonly line: string;
  readonly tenant: string;
  readonly #options: KeptGroupsOptions;
  readonly #ring: GroupKeyRing;
  readonly #groups = new Map<string, KeptGroup>();
  readonly #wentBack = new Set<string>();
  #pulling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: KeptGroupsOptions) {
    this.#options = options;
    this.line = options.line;
    this.tenant = options.tenant;
    this.#ring = new GroupKeyRing(options);
  }

  get states(): ReadonlyMap<string, GroupState> {
    return this.#groups;
  }

  /** Milliseconds since the server last confirmed a group. */
  ageMs(group: string): number {
    const known = this.#groups.get(group);
    return known === undefined ? Number.POSITIVE_INFINITY : this.#options.state.clock.age(known.confirmedAt);
  }

  /** Whether the key of the newest epoch is in memory; a derived group needs none. */
  isInMemory(group: string): boolean {
    const known = this.#groups.get(group);
    return known !== undefined && (known.mode === 'derived' || this.#ring.isPinned(group, known.epoch));
  }

  /** The limits are those of KEKs (docs/key-provider.md, "Offline mode"). */
  check(group: string, use: 'encrypt' | 'decrypt'): void {
    const { policy, clock } = this.#options.state;
    const judgement = judgeUse(
      {
        ...{ state: 'PRIMARY', isCompromised: false, isRevoked: false, mayDecryptCompromised: false },
        // A group has no certificate: neither an end of writing nor a CRL that speaks of it.
        ...{ notBeforeWriteMs: 0, notAfterWriteMs: Number.POSITIVE_INFINITY, crlNextUpdateMs: undefined },
        ...{ ageMs: this.ageMs(group), nowMs: clock.now(), policy },
      },
      use,
    );
    if (judgement === 'fresh' || judgement === 'stale') return;
    throw new KeyError(judgement, `${group} was last confirmed too long ago: ${judgement}`, { kekLine: this.line });
  }

  secret(group: string, epoch: number): HeldGroupKey | Promise<HeldGroupKey> {
    return this.#ring.get(group, epoch);
  }

  /**
   * Looks at the server: first what is withdrawn is erased, then new keys are fetched, then new epochs are written with. One
   * look follows another, so that no late answer of an earlier one is taken for news.
   * @throws what the server refuses with; {@link KeyError} for a key that could not be had, whose group stays as it was
   */
  pull(): Promise<void> {
    this.#pulling = this.#pulling.catch(() => undefined).then(() => this.#pullOnce());
    return this.#pulling;
  }

  async #pullOnce(): Promise<void> {
    const { state } = this.#options;
    const startedAt = state.clock.moment();
    const listed = new Map((await this.#list()).map((group) => [principal(group.group), listedFrom(group)]));
    if (this.#isClosed) throw new KeyError('PROVIDER_CLOSED', 'the provider is closed');
    // Who is a member again was refused a moment ago, and is not to be any more.
    if ([...listed.keys()].some((group) => !this.#ring.allowed.has(group))) state.negative.clear();
    this.#withdraw(new Set(listed.keys()));
    const taken = [...listed].filter(([group, found]) => !this.#isOutdated(group, found));
    const outcomes = await Promise.allSettled(
      taken.map(([group, found]) => this.#take(group, { ...found, confirmedAt: startedAt })),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') this.#judgeFailure(outcome.reason);
  }

  /** Who was removed between the list and the delivery learns it from the next list; nothing else is passed over. */
  #judgeFailure(error: unknown): void {
    if (!(error instanceof KeyError && error.code === 'GROUP_DENIED')) throw error;
    this.#options.state.events.emit('failure', { what: 'delivery', error });
  }

  /** What is to stand on disk. */
  save(sealKey: SealKey): SavedGroups {
    const { line, tenant } = this;
    const groups = [...this.#groups].map(([group, { confirmedAt, ...listed }]) => ({
      ...{ group, ...listed, confirmedAtMs: confirmedAt.wallMs },
      keys: this.#ring.save(group, sealKey),
    }));
    return { line, tenant, groups };
  }

  /** Takes what was on disk, as old as it is. */
  restore(saved: SavedGroups, openKey: OpenSavedKey): void {
    const { clock } = this.#options.state;
    const present = clock.moment();
    const nowMs = clock.now();
    if (this.#isClosed) return;
    for (const { group, mode, epoch, keyId, keys, confirmedAtMs } of saved.groups) {
      // A file from the future is not taken.
      if (confirmedAtMs > nowMs) continue;
      this.#ring.restore(group, keys, openKey);
      if (mode === 'sealed' && !this.#ring.isPinned(group, epoch)) continue;
      const confirmedAt = { wallMs: confirmedAtMs, monotonicMs: present.monotonicMs - (nowMs - confirmedAtMs) };
      this.#groups.set(group, { mode, epoch, keyId, confirmedAt });
    }
    this.#ring.allowed = new Set(this.#groups.keys());
  }

  /** Erases everything. */
  close(): void {
    this.#isClosed = true;
    this.#groups.clear();
    this.#ring.allowed = new Set();
  }

  async #list(): Promise<readonly KekGroupResource[]> {
    const { server, state } = this.#options;
    const { time, policy } = state;
    const after = (delayMs: number, run: () => void) => time.after(delayMs, run);
    try {
      return await within((signal) => server.listGroups(this.line, this.tenant, signal), {
        timeoutMs: policy.inFlightTimeoutMs,
        after,
      });
    } catch (error) {
      // No grant on the line any more, or no such line: nothing of it is this service's.
      if (!isRefusal(error)) throw error;
      return [];
    }
  }

  /** A server that was restored from a backup knows less, or has another key for the same epoch: what is held stays. */
  #isOutdated(group: string, found: ListedGroup): boolean {
    const known = this.#groups.get(group);
    const isOutdated =
      known !== undefined &&
      (found.epoch < known.epoch || (found.epoch === known.epoch && found.keyId !== known.keyId));
    if (isOutdated && !this.#wentBack.has(group)) {
      const { line, tenant } = this;
      this.#options.state.events.emit('wentBack', { line, seenEpoch: known.epoch, tenant, group });
    }
    if (isOutdated) this.#wentBack.add(group);
    else this.#wentBack.delete(group);
    return isOutdated;
  }

  async #take(group: string, found: KeptGroup): Promise<void> {
    const known = this.#groups.get(group);
    if (found.mode === 'sealed') await this.#ring.pin(group, found.epoch);
    // The service may have left while its key was on the way.
    if (!this.#ring.allowed.has(group)) return;
    this.#groups.set(group, found);
    this.#ring.unpinBefore(group, found.epoch - 1);
    if (found.epoch !== known?.epoch) {
      const { line, tenant } = this;
      this.#options.state.events.emit('groupEpoch', { line, tenant, group, epoch: found.epoch });
    }
    // What is written at this moment will be read in an outage, too. A failure was told, and harms no writer.
    if (found.mode === 'sealed' && found.epoch > 1) {
      await this.#ring.pin(group, found.epoch - 1).catch(() => undefined);
    }
  }

  /** Erases what is none of these groups'. */
  #withdraw(listed: ReadonlySet<string>): void {
    const { line, tenant } = this;
    const gone = [...this.#ring.allowed].filter((group) => !listed.has(group));
    for (const group of gone) this.#groups.delete(group);
    this.#ring.allowed = listed;
    for (const group of gone) this.#options.state.events.emit('groupWithdrawn', { line, tenant, group });
  }
}

function listedFrom({ mode, epoch, key_id: keyId }: KekGroupResource): ListedGroup {
  return { mode, epoch, keyId };
}

function isRefusal(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === 'forbidden' || code === 'notFound';
}
