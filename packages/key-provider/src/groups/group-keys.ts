import { LRUCache } from 'lru-cache';
import { systemTime, type TimeSource } from '../cache/time-source.ts';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import type { GroupAccess, GroupAdmission } from '../fields/field-place.ts';
import type { JWTValidator, VerifiedToken } from '../jwt/jwt-validator.ts';
import { KeyError } from '../key-error.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import { u32 } from '../keys/labels.ts';
import { GroupKey } from './group-key.ts';
import type { GroupSecret, GroupSource, GroupState } from './group-source.ts';
import { principal } from './principal.ts';
import { ToldGroups } from './told-groups.ts';

export interface GroupKeysOptions {
  readonly tenant: string;
  /**
   * `await provider.groups(line, tenant)`: groups, epochs and keys as the PKI has them. Or groups by name, and what tells them
   * apart from users: `doctors` and `g:doctors` are one, `u:alice` is a user.
   */
  readonly groups: GroupSource | Readonly<Record<string, GroupState>>;
  /** For groups by name: gives the opened key of a sealed one, 32 octets, copied; see `openGroupKey`. */
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
  readonly #source: GroupSource;
  readonly #keys = new WeakMap<KekHandle, LRUCache<string, GroupKey>>();

  constructor(options: GroupKeysOptions) {
    this.#options = options;
    this.#time = options.time ?? systemTime;
    const { groups, sealedKey } = options;
    this.#source = isSource(groups) ? groups : new ToldGroups(groups, sealedKey);
  }

  /** Every group with its mode and epoch: an auditor sees which ones are policy and which ones cryptography. */
  status(): Readonly<Record<string, GroupState>> {
    return Object.fromEntries([...this.#source.states].map(([name, { mode, epoch }]) => [name, { mode, epoch }]));
  }

  /**
   * Starts a new epoch, as when a member left, of groups that were stated by name.
   * @throws RangeError for one that is not newer; TypeError for groups of a provider, whose epochs the PKI begins
   */
  startEpoch(group: string, epoch: number): void {
    const name = principal(group);
    if (!(this.#source instanceof ToldGroups)) throw new TypeError('the PKI begins the epochs of these groups');
    this.#source.startEpoch(name, this.#state(name), epoch);
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

  /** A leave for the program itself, which no token ends: to encrypt anew what belongs to a group. */
  forReEncryption(group: string): GroupAccess {
    return this.#access(principal(group), Number.POSITIVE_INFINITY);
  }

  #access(group: string, endMs: number): GroupAccess {
    const epoch = (): number => this.#state(group).epoch;
    return {
      group,
      get epoch() {
        return epoch();
      },
      writing: (kek) => {
        this.#checkTime(endMs);
        const key = this.#key(kek, { group, epoch: epoch(), use: 'encrypt' });
        if (!(key instanceof Promise)) return key;
        // What is on its way may be used when it is there; whoever writes does not wait.
        key.catch(() => undefined);
        throw new KeyError('KEK_UNAVAILABLE', `the key of ${group} in epoch ${epoch()} is not in memory`);
      },
      reading: (kek, epochOfRecord) => {
        this.#checkTime(endMs);
        if (epochOfRecord > epoch()) throw new KeyError('GROUP_DENIED', `${group} has no epoch ${epochOfRecord} yet`);
        return this.#key(kek, { group, epoch: epochOfRecord, use: 'decrypt' });
      },
    };
  }

  #key(
    kek: KekHandle,
    { group, epoch, use }: { readonly group: string; readonly epoch: number; readonly use: 'encrypt' | 'decrypt' },
  ): KeyHolder | Promise<KeyHolder> {
    const { mode } = this.#state(group);
    // Asked at each use: a group may be withdrawn, or what is known of it too old, while its key is at hand.
    this.#source.check(group, use);
    if (mode === 'derived') return this.#made(kek, { group, epoch }, undefined);
    const secret = this.#source.secret(group, epoch);
    if (secret instanceof Promise) return secret.then((found) => this.#made(kek, { group, epoch }, found));
    return this.#made(kek, { group, epoch }, secret);
  }

  #made(
    kek: KekHandle,
    { group, epoch }: { readonly group: string; readonly epoch: number },
    secret: GroupSecret | undefined,
  ): GroupKey {
    const keys = this.#keys.get(kek) ?? new LRUCache({ max: 1_000, dispose: (key: GroupKey) => key.close() });
    this.#keys.set(kek, keys);
    const known = keys.get(`${epoch}/${group}`);
    if (known?.usable) return known;
    const slot = secret === undefined ? this.#derived(kek, group, epoch) : copied(kek, secret);
    const made = new GroupKey(kek, { name: group, epoch }, { slot, owner: secret });
    keys.set(`${epoch}/${group}`, made);
    return made;
  }

  /** `PAE(gdek/v1, line, version, tenant, group, epoch)` under the KEK. */
  #derived(kek: KekHandle, group: string, epoch: number): Buffer {
    return kek.expandDek('group', [u32(kek.lineId), u32(kek.version), this.#options.tenant, group, u32(epoch)]);
  }

  #state(group: string): GroupState {
    const state = this.#source.states.get(group);
    if (!state) throw new KeyError('GROUP_DENIED', `${group} is no group that is known here`);
    return state;
  }

  #checkTime(endMs: number): void {
    if (this.#time.now() >= endMs)
      throw new KeyError('GROUP_DENIED', 'the admission has ended: verify the token again');
  }
}

/** The random key of the group, in a slot of the KEK's memory. */
function copied(kek: KekHandle, { octets }: GroupSecret): Buffer {
  const slot = kek.memory.take(32);
  slot.set(octets);
  return slot;
}

/** A group may be named as a method is; what it is then is no function. */
function isSource(groups: GroupKeysOptions['groups']): groups is GroupSource {
  return typeof (groups as Partial<GroupSource>).check === 'function';
}
