import type { GroupMode } from '../groups/group-source.ts';
import { toKeyError } from './deliveries.ts';
import type { OpenSavedKey, SealKey } from './group-key-ring.ts';
import { KeptGroups, type KeptGroupsOptions } from './kept-groups.ts';
import type { SavedGroups } from './sealed-cache.ts';

/** One group that is kept, for people and auditors. */
export interface GroupStatus {
  readonly line: string;
  readonly tenant: string;
  /** With `g:` or `u:`. */
  readonly group: string;
  /** `derived`: who holds the KEK could derive its key. `sealed`: members alone have it. */
  readonly mode: GroupMode;
  readonly epoch: number;
  readonly isInMemory: boolean;
  /** Since the server last confirmed it. */
  readonly ageMs: number;
}

/** The groups that a provider keeps, by line and tenant: those that it was asked for. */
export class GroupRegistry {
  readonly #options: Omit<KeptGroupsOptions, 'line' | 'tenant'>;
  readonly #kept = new Map<string, Promise<KeptGroups>>();
  readonly #followed = new Set<KeptGroups>();
  /** What was on disk at a start without the server. */
  #saved: readonly SavedGroups[] = [];
  #openKey: OpenSavedKey = () => undefined;

  constructor(options: Omit<KeptGroupsOptions, 'line' | 'tenant'>) {
    this.#options = options;
  }

  /** The groups of a tenant, once they have been looked at, and kept from then on. @throws as {@link KeptGroups.pull} */
  follow(line: string, tenant: string): Promise<KeptGroups> {
    // A line has no slash.
    const name = `${line}/${tenant}`;
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const kept = this.#begin(line, tenant);
    this.#kept.set(name, kept);
    // What could not be looked at may be asked for again.
    kept.catch(() => this.#kept.delete(name));
    return kept;
  }

  async #begin(line: string, tenant: string): Promise<KeptGroups> {
    const groups = new KeptGroups({ ...this.#options, line, tenant });
    // Before its first look: news that come in the middle of it lead to another one.
    this.#followed.add(groups);
    try {
      await groups.pull();
    } catch (error) {
      if (this.#restore(groups, error)) return groups;
      this.#followed.delete(groups);
      groups.close();
      throw error;
    }
    return groups;
  }

  /** What is on disk serves while the server is not to be had, and for no other reason. */
  #restore(groups: KeptGroups, error: unknown): boolean {
    const saved = this.#saved.find(({ line, tenant }) => line === groups.line && tenant === groups.tenant);
    if (saved === undefined || toKeyError(error).code !== 'KEK_UNAVAILABLE') return false;
    groups.restore(saved, this.#openKey);
    return groups.states.size > 0;
  }

  /** Keeps what was on disk for those who ask for it before the server can be asked. */
  remember(saved: readonly SavedGroups[], openKey: OpenSavedKey): void {
    this.#saved = saved;
    this.#openKey = openKey;
  }

  /** What is to stand on disk. */
  save(sealKey: SealKey): SavedGroups[] {
    return [...this.#followed].map((groups) => groups.save(sealKey));
  }

  /** Looks at all of them. @throws the first failure, when all were looked at */
  async pull(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.#followed].map((groups) => groups.pull()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    this.#saved = [];
  }

  describe(): GroupStatus[] {
    return [...this.#followed].flatMap((groups) =>
      [...groups.states].map(([group, { mode, epoch }]) => ({
        ...{ line: groups.line, tenant: groups.tenant, group, mode, epoch },
        ...{ isInMemory: groups.isInMemory(group), ageMs: groups.ageMs(group) },
      })),
    );
  }

  close(): void {
    for (const groups of this.#followed) groups.close();
    this.#followed.clear();
    this.#kept.clear();
  }
}
