import { LRUCache } from 'lru-cache';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import { KeyError } from '../key-error.ts';
import { FieldKey } from '../keys/field-key.ts';
import { hkdfExpandInto } from '../keys/hkdf.ts';
import type { FieldScope, KekHandle } from '../keys/kek-handle.ts';
import { keyLabel, u8, u32 } from '../keys/labels.ts';
import type { GroupSecret } from './group-source.ts';

/** The key of one group in one epoch, under one version of a KEK. Erased with the KEK. */
export class GroupKey implements KeyHolder {
  readonly lineId: number;
  readonly version: number;
  readonly group: { readonly name: string; readonly epoch: number };
  readonly #kek: KekHandle;
  readonly #secret: FieldKey;
  readonly #leave: () => void;
  readonly #fieldKeys = new LRUCache<string, FieldKey>({ max: 1_000, dispose: (key) => key.close() });

  /**
   * @param key.slot 32 octets in a slot of the KEK's memory, owned by this key from here on
   * @param key.owner what it was copied from, and is erased with
   */
  constructor(
    kek: KekHandle,
    group: { readonly name: string; readonly epoch: number },
    { slot, owner }: { readonly slot: Buffer; readonly owner?: GroupSecret | undefined },
  ) {
    this.#kek = kek;
    this.lineId = kek.lineId;
    this.version = kek.version;
    this.group = group;
    this.#secret = new FieldKey(slot, kek.memory);
    const leaves = [kek.closeWith(this), owner?.closeWith?.(this)];
    this.#leave = () => {
      for (const leave of leaves) leave?.();
    };
  }

  get usable(): boolean {
    return this.#kek.usable && !this.#secret.closed;
  }

  /** `PAE(gfield/v1, suite, line, version, tenant, collection, field, group, epoch)` under the group's key. */
  fieldKey(suite: number, { tenant, collection, field }: FieldScope): FieldKey {
    // Says why when the KEK is gone.
    this.#kek.checkUsable();
    if (this.#secret.closed) {
      throw new KeyError('GROUP_DENIED', `the key of ${this.group.name} in epoch ${this.group.epoch} is erased`);
    }
    const name = `${suite}/${tenant.length}/${tenant}/${collection.length}/${collection}/${field}`;
    const known = this.#fieldKeys.get(name);
    if (known) return known;
    const pieces = [u8(suite), u32(this.lineId), u32(this.version), tenant, collection, field];
    const label = keyLabel('groupField', [...pieces, this.group.name, u32(this.group.epoch)]);
    // AES-256-SIV has two keys.
    const slot = this.#kek.memory.take(suite === 0x20 ? 64 : 32);
    hkdfExpandInto(slot, this.#secret.secret, label);
    const made = new FieldKey(slot, this.#kek.memory);
    this.#fieldKeys.set(name, made);
    return made;
  }

  close(): void {
    this.#leave();
    this.#fieldKeys.clear();
    this.#secret.close();
  }
}
