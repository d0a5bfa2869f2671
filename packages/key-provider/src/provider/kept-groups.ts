import type { KekGroupResource } from '@vcc-pki/api';
import { LRUCache } from 'lru-cache';
import { judgeUse } from '../cache/judge-use.ts';
import type { Moment } from '../cache/trusted-clock.ts';
import { within } from '../cache/within.ts';
import type { GroupSource, GroupState } from '../groups/group-source.ts';
import { principal } from '../groups/principal.ts';
import { KeyError } from '../key-error.ts';
import { type SecretMemory, sharedSecretMemory } from '../keys/secret-memory.ts';
import { Deliveries } from './deliveries.ts';
import { HeldGroupKey } from './held-group-key.ts';
import type { KekServer } from './kek-server.ts';
import type { GroupKeyOpener } from './open-group-key.ts';
import type { ProviderState } from './provider-state.ts';
import type { SavedGroup, SavedGroups } from './sealed-cache.ts';

export interface KeptGroupsOptions {
  readonly state: ProviderState;
  readonly server: KekServer;
  readonly opener: GroupKeyOpener;
  /** Name of the line. */
  readonly line: string;
  readonly tenant: string;
  readonly memory?: SecretMemory | undefined;
}

/** A group as the server lists it. */
interface ListedGroup extends GroupState {
  readonly keyId: string | null;
}

/** Keys of older epochs that are held beside the newest and the one before it; the least recently used goes. */
const maxOlderKeys = 1_000;

/**
 * The groups of a tenant that this service is a member of, as the server has them: a new epoch is written with when its key
 * is in memory, and what the service is no member of any more is erased at once.
 */
export class KeptGroups implements GroupSource {
  readonly line: string;
  readonly tenant: string;
  readonly #options: KeptGroupsOptions;
  readonly #memory: SecretMemory;
  readonly #deliveries: Deliveries<HeldGroupKey>;
  readonly #groups = new Map<string, ListedGroup>();
  /** What the server listed last; keys of others are not taken, though they may be on their way. */
  #listed: ReadonlySet<string> = new Set();
  readonly #wentBack = new Set<string>();
  /** Of the newest epochs and those before them. */
  readonly #pinned = new Map<string, HeldGroupKey>();
  readonly #older = new LRUCache<string, HeldGroupKey>({
    max: maxOlderKeys,
    // One that two have waited for may be pinned by now.
    dispose: (key, name) => {
      if (this.#pinned.get(name) !== key) key.erase();
    },
  });
  #confirmedAt: Moment | undefined;
  #pulling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: KeptGroupsOptions) {
    this.#options = options;
    this.line = options.line;
    this.tenant = options.tenant;
    this.#memory = options.memory ?? sharedSecretMemory();
    this.#deliveries = new Deliveries(options.state);
  }

  get states(): ReadonlyMap<string, GroupState> {
    return this.#groups;
  }

  /** Milliseconds since the server last confirmed the groups. */
  get ageMs(): number {
    return this.#confirmedAt === undefined
      ? Number.POSITIVE_INFINITY
      : this.#options.state.clock.age(this.#confirmedAt);
  }

  /** Whether the key of the newest epoch is in memory; a derived group needs none. */
  isInMemory(group: string): boolean {
    const state = this.#groups.get(group);
    return state !== undefined && (state.mode === 'derived' || this.#pinned.has(keyName(group, state.epoch)));
  }

  /** The limits are those of KEKs (docs/key-provider.md, "Offline mode"). */
  check(group: string, use: 'encrypt' | 'decrypt'): void {
    const { policy, clock } = this.#options.state;
    const judgement = judgeUse(
      {
        ...{ state: 'PRIMARY', isCompromised: false, isRevoked: false, mayDecryptCompromised: false },
        // A group has no certificate: neither an end of writing nor a CRL that speaks of it.
        ...{ notBeforeWriteMs: 0, notAfterWriteMs: Number.POSITIVE_INFINITY, crlNextUpdateMs: undefined },
        ...{ ageMs: this.ageMs, nowMs: clock.now(), policy },
      },
      use,
    );
    if (judgement === 'fresh' || judgement === 'stale') return;
    throw new KeyError(judgement, `${group} was last confirmed too long ago: ${judgement}`, { kekLine: this.line });
  }

  secret(group: string, epoch: number): HeldGroupKey | Promise<HeldGroupKey> {
    const name = keyName(group, epoch);
    return this.#pinned.get(name) ?? this.#older.get(name) ?? this.#fetchOlder(group, epoch);
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
    if ([...listed.keys()].some((group) => !this.#listed.has(group))) state.negative.clear();
    this.#listed = new Set(listed.keys());
    for (const group of [...this.#groups.keys()]) if (!listed.has(group)) this.#withdraw(group);
    this.#confirmedAt = startedAt;
    const taken = [...listed].filter(([group, found]) => !this.#isOutdated(group, found));
    const outcomes = await Promise.allSettled(taken.map(([group, found]) => this.#take(group, found)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') this.#judgeFailure(outcome.reason);
  }

  /** Who was removed between the list and the delivery learns it from the next list; nothing else is passed over. */
  #judgeFailure(error: unknown): void {
    if (!(error instanceof KeyError && error.code === 'GROUP_DENIED')) throw error;
    this.#options.state.events.emit('failure', { what: 'delivery', error });
  }

  /** What is to stand on disk, with every key sealed by `sealKey` for its name; undefined: nothing was confirmed yet. */
  save(sealKey: (key: Uint8Array, name: string) => string): SavedGroups | undefined {
    if (this.#confirmedAt === undefined) return undefined;
    const { line, tenant } = this;
    const groups = [...this.#groups].map(([group, state]): SavedGroup => {
      const held = [...this.#pinned].filter(([name]) => isOf(name, group));
      const keys = held.map(([name, { keyId, octets }]) => ({
        epoch: Number.parseInt(name, 10),
        keyId,
        key: sealKey(octets, this.#savedName(name)),
      }));
      return { group, ...state, keys };
    });
    return { line, tenant, groups, confirmedAtMs: this.#confirmedAt.wallMs };
  }

  /** Takes what was on disk, as old as it is. `openKey` gives undefined for what is sealed to another one. */
  restore(saved: SavedGroups, openKey: (sealed: string, name: string) => Uint8Array | undefined): void {
    const { clock } = this.#options.state;
    const present = clock.moment();
    const ageMs = clock.now() - saved.confirmedAtMs;
    // A file from the future is not taken.
    if (ageMs < 0 || this.#isClosed) return;
    for (const { group, mode, epoch, keyId, keys } of saved.groups) {
      for (const one of keys) this.#restoreKey(keyName(group, one.epoch), one, openKey);
      if (mode === 'sealed' && !this.#pinned.has(keyName(group, epoch))) continue;
      this.#groups.set(group, { mode, epoch, keyId });
    }
    this.#listed = new Set(this.#groups.keys());
    this.#confirmedAt = { wallMs: saved.confirmedAtMs, monotonicMs: present.monotonicMs - ageMs };
  }

  #restoreKey(
    name: string,
    { keyId, key: sealed }: SavedGroup['keys'][number],
    openKey: (sealed: string, name: string) => Uint8Array | undefined,
  ): void {
    const key = openKey(sealed, this.#savedName(name));
    if (key === undefined) return;
    this.#pinned.set(name, new HeldGroupKey(this.#memory, { key, keyId }));
    key.fill(0);
  }

  #savedName(name: string): string {
    return `group ${this.line}/${this.tenant}/${name}`;
  }

  /** Erases everything. */
  close(): void {
    this.#isClosed = true;
    this.#listed = new Set();
    this.#groups.clear();
    for (const key of this.#pinned.values()) key.erase();
    this.#pinned.clear();
    this.#older.clear();
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

  async #take(group: string, found: ListedGroup): Promise<void> {
    const known = this.#groups.get(group);
    if (found.mode === 'sealed') await this.#pin(group, found.epoch);
    // While its key was on the way the service may have left, or a newer look have come to an end.
    if (!this.#listed.has(group) || (this.#groups.get(group)?.epoch ?? 0) > found.epoch) return;
    this.#groups.set(group, found);
    for (const name of [...this.#pinned.keys()]) if (isOlderThan(name, group, found.epoch - 1)) this.#unpin(name);
    if (found.epoch !== known?.epoch) {
      const { line, tenant } = this;
      this.#options.state.events.emit('groupEpoch', { line, tenant, group, epoch: found.epoch });
    }
    // What is written at this moment will be read in an outage, too. A failure was told, and harms no writer.
    if (found.mode === 'sealed' && found.epoch > 1) await this.#pin(group, found.epoch - 1).catch(() => undefined);
  }

  async #pin(group: string, epoch: number): Promise<void> {
    const name = keyName(group, epoch);
    if (this.#pinned.has(name)) return;
    const key = await this.#fetch(group, epoch);
    this.#pinned.set(name, key);
    this.#older.delete(name);
  }

  #unpin(name: string): void {
    const key = this.#pinned.get(name);
    this.#pinned.delete(name);
    if (key !== undefined) this.#older.set(name, key);
  }

  async #fetchOlder(group: string, epoch: number): Promise<HeldGroupKey> {
    const name = keyName(group, epoch);
    const key = await this.#fetch(group, epoch);
    const pinned = this.#pinned.get(name);
    if (pinned === undefined) this.#older.set(name, key);
    return pinned ?? key;
  }

  async #fetch(group: string, epoch: number): Promise<HeldGroupKey> {
    const key = await this.#deliver(group, epoch);
    if (this.#listed.has(group)) return key;
    // Withdrawn while those who wait for it were called.
    key.erase();
    throw new KeyError('GROUP_DENIED', `this service is no member of ${group} any more`, { kekLine: this.line });
  }

  #deliver(group: string, epoch: number): Promise<HeldGroupKey> {
    const { line, tenant } = this;
    const name = keyName(group, epoch);
    const wanted = { id: `${group} in epoch ${epoch}`, lineName: line };
    return this.#deliveries.run(`group/${line}/${tenant}/${name}`, wanted, async (signal) => {
      // The server names a group without g:.
      const serverName = group.replace(/^g:/, '');
      const opened = await this.#options.opener.open({ line, tenant, group: serverName, epoch }, signal);
      try {
        if (signal.aborted) throw new KeyError('KEK_UNAVAILABLE', `${wanted.id} came too late`, { kekLine: line });
        return new HeldGroupKey(this.#memory, opened);
      } finally {
        opened.key.fill(0);
      }
    });
  }

  #withdraw(group: string): void {
    const { line, tenant } = this;
    this.#groups.delete(group);
    for (const name of [...this.#pinned.keys()]) if (isOf(name, group)) this.#unpin(name);
    for (const name of [...this.#older.keys()]) if (isOf(name, group)) this.#older.delete(name);
    this.#options.state.events.emit('groupWithdrawn', { line, tenant, group });
  }
}

function listedFrom({ mode, epoch, key_id: keyId }: KekGroupResource): ListedGroup {
  return { mode, epoch, keyId };
}

/** `<epoch>/<group>`: an epoch has no slash. */
function keyName(group: string, epoch: number): string {
  return `${epoch}/${group}`;
}

function isOf(name: string, group: string): boolean {
  return name.slice(name.indexOf('/') + 1) === group;
}

function isOlderThan(name: string, group: string, epoch: number): boolean {
  return isOf(name, group) && Number.parseInt(name, 10) < epoch;
}

function isRefusal(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === 'forbidden' || code === 'notFound';
}
