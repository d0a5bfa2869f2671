import type { GroupMode } from '../groups/group-source.ts';
import { KeptGroups, type KeptGroupsOptions } from './kept-groups.ts';

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
      this.#followed.delete(groups);
      groups.close();
      throw error;
    }
    return groups;
  }

  /** Looks at all of them. @throws the first failure, when all were looked at */
  async pull(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.#followed].map((groups) => groups.pull()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  describe(): GroupStatus[] {
    return [...this.#followed].flatMap((groups) =>
      [...groups.states].map(([group, { mode, epoch }]) => ({
        ...{ line: groups.line, tenant: groups.tenant, group, mode, epoch },
        ...{ isInMemory: groups.isInMemory(group), ageMs: groups.ageMs },
      })),
    );
  }

  close(): void {
    for (const groups of this.#followed) groups.close();
    this.#followed.clear();
    this.#kept.clear();
  }
}
