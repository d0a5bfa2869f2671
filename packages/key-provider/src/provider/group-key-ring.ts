import { LRUCache } from 'lru-cache';
import { KeyError } from '../key-error.ts';
import { type SecretMemory, sharedSecretMemory } from '../keys/secret-memory.ts';
import { Deliveries } from './deliveries.ts';
import { HeldGroupKey } from './held-group-key.ts';
import type { GroupKeyOpener } from './open-group-key.ts';
import type { ProviderState } from './provider-state.ts';
import type { SavedGroup } from './sealed-cache.ts';

export interface GroupKeyRingOptions {
  readonly state: ProviderState;
  readonly opener: GroupKeyOpener;
  /** Name of the line. */
  readonly line: string;
  readonly tenant: string;
  readonly memory?: SecretMemory | undefined;
}

/** Seals a key for the disk, under its name. */
export type SealKey = (key: Uint8Array, name: string) => string;

/** Opens it again; undefined for what another one has sealed. */
export type OpenSavedKey = (sealed: string, name: string) => Uint8Array | undefined;

/** Keys of older epochs that are held beside the newest and the one before it; the least recently used goes. */
const maxOlderKeys = 1_000;

/** The keys of the sealed groups of a tenant, by group and epoch. */
export class GroupKeyRing {
  readonly #options: GroupKeyRingOptions;
  readonly #memory: SecretMemory;
  readonly #deliveries: Deliveries<HeldGroupKey>;
  /** Keys of other groups are not taken, though they may be on their way. */
  #allowed: ReadonlySet<string> = new Set();
  /** Of the newest epochs and those before them. */
  readonly #pinned = new Map<string, HeldGroupKey>();
  readonly #older = new LRUCache<string, HeldGroupKey>({
    max: maxOlderKeys,
    // One that two have waited for may be pinned by now.
    dispose: (key, name) => {
      if (this.#pinned.get(name) !== key) key.erase();
    },
  });

  constructor(options: GroupKeyRingOptions) {
    this.#options = options;
    this.#memory = options.memory ?? sharedSecretMemory();
    this.#deliveries = new Deliveries(options.state);
  }

  /** The groups that this service is a member of. Keys of all others are erased. */
  get allowed(): ReadonlySet<string> {
    return this.#allowed;
  }

  set allowed(groups: ReadonlySet<string>) {
    this.#allowed = groups;
    for (const [name, key] of [...this.#pinned]) {
      if (groups.has(groupOf(name))) continue;
      this.#pinned.delete(name);
      key.erase();
    }
    for (const name of [...this.#older.keys()]) if (!groups.has(groupOf(name))) this.#older.delete(name);
  }

  isPinned(group: string, epoch: number): boolean {
    return this.#pinned.has(keyName(group, epoch));
  }

  /** From memory, or fetched once for all who wait. @throws {@link KeyError} */
  get(group: string, epoch: number): HeldGroupKey | Promise<HeldGroupKey> {
    const name = keyName(group, epoch);
    return this.#pinned.get(name) ?? this.#older.get(name) ?? this.#fetchOlder(group, epoch);
  }

  /** Has a key in memory until {@link unpinBefore}. @throws {@link KeyError} */
  async pin(group: string, epoch: number): Promise<void> {
    const name = keyName(group, epoch);
    if (this.#pinned.has(name)) return;
    const key = await this.#fetch(group, epoch);
    this.#pinned.set(name, key);
    this.#older.delete(name);
  }

  /** Lets the keys of epochs before one go when there is no room. */
  unpinBefore(group: string, epoch: number): void {
    for (const [name, key] of [...this.#pinned]) {
      if (groupOf(name) !== group || epochOf(name) >= epoch) continue;
      this.#pinned.delete(name);
      this.#older.set(name, key);
    }
  }

  /** The pinned keys of a group, for the disk. */
  save(group: string, sealKey: SealKey): SavedGroup['keys'] {
    return [...this.#pinned]
      .filter(([name]) => groupOf(name) === group)
      .map(([name, { keyId, octets }]) => ({
        epoch: epochOf(name),
        keyId,
        key: sealKey(octets, this.#savedName(name)),
      }));
  }

  /** Takes the keys of a group from the disk. */
  restore(group: string, keys: SavedGroup['keys'], openKey: OpenSavedKey): void {
    for (const { epoch, keyId, key: sealed } of keys) {
      const name = keyName(group, epoch);
      const key = openKey(sealed, this.#savedName(name));
      if (key === undefined) continue;
      this.#pinned.set(name, new HeldGroupKey(this.#memory, { key, keyId }));
      key.fill(0);
    }
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
    if (this.#allowed.has(group)) return key;
    // Withdrawn while those who wait for it were called.
    key.erase();
    const { line } = this.#options;
    throw new KeyError('GROUP_DENIED', `this service is no member of ${group} any more`, { kekLine: line });
  }

  #deliver(group: string, epoch: number): Promise<HeldGroupKey> {
    const { line, tenant, opener } = this.#options;
    const wanted = { id: `${group} in epoch ${epoch}`, lineName: line };
    return this.#deliveries.run(this.#savedName(keyName(group, epoch)), wanted, async (signal) => {
      // The server names a group without g:.
      const serverName = group.replace(/^g:/, '');
      const opened = await opener.open({ line, tenant, group: serverName, epoch }, signal);
      try {
        if (signal.aborted) throw new KeyError('KEK_UNAVAILABLE', `${wanted.id} came too late`, { kekLine: line });
        return new HeldGroupKey(this.#memory, opened);
      } finally {
        opened.key.fill(0);
      }
    });
  }

  #savedName(name: string): string {
    return `group ${this.#options.line}/${this.#options.tenant}/${name}`;
  }
}

/** `<epoch>/<group>`: an epoch has no slash. */
function keyName(group: string, epoch: number): string {
  return `${epoch}/${group}`;
}

function groupOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

function epochOf(name: string): number {
  return Number.parseInt(name, 10);
}
