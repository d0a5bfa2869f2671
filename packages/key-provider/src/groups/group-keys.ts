import { LRUCache } from 'lru-cache';
import { systemTime, type TimeSource } from '../cache/time-source.ts';
import type { GroupAccess, GroupAdmission } from '../fields/field-place.ts';
import type { JWTValidator, VerifiedToken } from '../jwt/jwt-validator.ts';
import { KeyError } from '../key-error.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import { u32 } from '../keys/labels.ts';
import { GroupKey } from './group-key.ts';

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

export interface GroupKeysOptions {
  readonly tenant: string;
  /** Groups by name, and what tells them apart from users: `doctors` and `g:doctors` are one, `u:alice` is a user. */
  readonly groups: Readonly<Record<string, GroupState>>;
  /** Gives the opened key of a sealed group: 32 octets, copied; see `openGroupKey`. */
  readonly sealedKey?: ((group: string, epoch: number) => Uint8Array | undefined) | undefined;
  readonly validator?: JWTValidator | undefined;
  readonly time?: Pick<TimeSource, 'now'> | undefined;
}

/** An admission lives this long at most: a token that was withdrawn opens nothing afterwards. */
const maxAdmissionMs = 300_000;

/** Keys of groups: a record that belongs to a group is read and written only by who is in it, as a verified token says. */
export class GroupKeys {
  readonly #options: GroupKeysOptions;
  readonly #time: Pick<TimeSource, 'now'>;
  readonly #groups = new Map<string, GroupState>();
  readonly #keys = new WeakMap<KekHandle, LRUCache<string, GroupKey>>();

  constructor(options: GroupKeysOptions) {
    this.#options = options;
    this.#time = options.time ?? systemTime;
    for (const [name, state] of Object.entries(options.groups)) {
      checkEpoch(state.epoch);
      this.#groups.set(principal(name), state);
    }
  }

  /** Every group with its mode and epoch: an auditor sees which ones are policy and which ones cryptography. */
  status(): Readonly<Record<string, GroupState>> {
    return Object.fromEntries(this.#groups);
  }

  /** Starts a new epoch, as when a member left. @throws RangeError for one that is not newer */
  startEpoch(group: string, epoch: number): void {
    const name = principal(group);
    const state = this.#state(name);
    checkEpoch(epoch);
    if (epoch <= state.epoch) throw new RangeError(`${name} is in epoch ${state.epoch}, and epochs only count up`);
    this.#groups.set(name, { ...state, epoch });
  }

  /**
   * Admits the bearer of a token to its groups, until the token ends, and for five minutes at most.
   *
   * @throws {@link KeyError} `TOKEN_INVALID`
   */
  async admit(token: string): Promise<GroupAdmission> {
    if (!this.#options.validator) throw new TypeError('without a validator nobody is admitted by a token');
    return this.admitVerified(await this.#options.validator.verify(token));
  }

  /** {@link admit} for a token that was verified already. */
  admitVerified({
    subject,
    groups,
    expiresAtMs,
  }: Pick<VerifiedToken, 'subject' | 'groups' | 'expiresAtMs'>): GroupAdmission {
    const endMs = Math.min(expiresAtMs, this.#time.now() + maxAdmissionMs);
    // A claim is always a group: one that is named u:alice makes nobody alice.
    const principals = new Set([`u:${subject}`, ...groups.map((group) => `g:${group}`)]);
    return {
      accesses: (allowedGroups) => {
        this.#checkTime(endMs);
        const [first, ...others] = allowedGroups.map(principal).filter((name) => principals.has(name));
        if (first === undefined) throw new KeyError('GROUP_DENIED', 'the token is in none of the groups of the field');
        return [this.#access(first, endMs), ...others.map((name) => this.#access(name, endMs))];
      },
    };
  }

  #access(group: string, endMs: number): GroupAccess {
    return {
      group,
      writing: (kek) => {
        this.#checkTime(endMs);
        return this.#key(kek, group, this.#state(group).epoch);
      },
      reading: (kek, epoch) => {
        this.#checkTime(endMs);
        if (epoch > this.#state(group).epoch) throw new KeyError('GROUP_DENIED', `${group} has no epoch ${epoch} yet`);
        return this.#key(kek, group, epoch);
      },
    };
  }

  #key(kek: KekHandle, group: string, epoch: number): GroupKey {
    const keys = this.#keys.get(kek) ?? new LRUCache({ max: 1_000, dispose: (key: GroupKey) => key.close() });
    this.#keys.set(kek, keys);
    const known = keys.get(`${epoch}/${group}`);
    if (known?.usable) return known;
    const made = new GroupKey(kek, { name: group, epoch }, this.#secret(kek, group, epoch));
    keys.set(`${epoch}/${group}`, made);
    return made;
  }

  /** `PAE(gdek/v1, line, version, tenant, group, epoch)` under the KEK, or the random key of the group. */
  #secret(kek: KekHandle, group: string, epoch: number): Buffer {
    if (this.#state(group).mode === 'derived') {
      return kek.expandDek('group', [u32(kek.lineId), u32(kek.version), this.#options.tenant, group, u32(epoch)]);
    }
    const key = this.#options.sealedKey?.(group, epoch);
    if (key?.length !== 32)
      throw new KeyError('GROUP_DENIED', `the key of ${group} in epoch ${epoch} is not sealed to this service`);
    const slot = kek.memory.take(32);
    slot.set(key);
    return slot;
  }

  #state(group: string): GroupState {
    const state = this.#groups.get(group);
    if (!state) throw new KeyError('GROUP_DENIED', `${group} is no group that is known here`);
    return state;
  }

  #checkTime(endMs: number): void {
    if (this.#time.now() >= endMs)
      throw new KeyError('GROUP_DENIED', 'the admission has ended: verify the token again');
  }
}

/** Groups and users never share a name. */
function principal(name: string): string {
  return /^[gu]:/.test(name) ? name : `g:${name}`;
}

function checkEpoch(epoch: number): void {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0xffffffff) throw new RangeError(`${epoch} is no epoch: a u32`);
}
