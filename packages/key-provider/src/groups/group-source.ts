/**
 * How a group's key comes about. `derived`: from the KEK, so that whoever holds the KEK could derive it, and the token is access
 * control by this program. `sealed`: from a random key that was sealed to this service, so that others do not have it.
 */
export type GroupMode = 'derived' | 'sealed';

/** One group as this service knows it. */
export interface GroupState {
  readonly mode: GroupMode;
  /** Counts up when a member leaves: records of older epochs are only read. */
  readonly epoch: number;
}

/** The random key of a sealed group in one epoch. */
export interface GroupSecret {
  /** 32 octets, in place: copied and not kept. */
  readonly octets: Uint8Array;
  /** Has what was derived from it closed with it. @returns what takes that from the list */
  closeWith?(dependent: { close(): void }): () => void;
}

/** Where GroupKeys has its groups from: `groups` of a PKIKeyProvider, or what it was told itself. */
export interface GroupSource {
  /** Every group by its name with `g:` or `u:`, as it is now. */
  readonly states: ReadonlyMap<string, GroupState>;
  /** @throws KeyError when the group may not be used for it at this moment */
  check(group: string, use: 'encrypt' | 'decrypt'): void;
  /**
   * The key of a sealed group. Waits only for older epochs that are not in memory.
   * @throws KeyError `GROUP_DENIED`
   */
  secret(group: string, epoch: number): GroupSecret | Promise<GroupSecret>;
}
