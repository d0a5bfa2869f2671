import type { GroupSecret } from '../groups/group-source.ts';
import { KeyError } from '../key-error.ts';
import type { SecretMemory } from '../keys/secret-memory.ts';

/** The key of a group in secret memory. What was derived from it is erased with it. */
export class HeldGroupKey implements GroupSecret {
  readonly keyId: string;
  readonly #memory: SecretMemory;
  readonly #slot: Buffer;
  readonly #dependents = new Set<{ close(): void }>();
  #erased = false;

  /** @param key 32 octets; copied, the caller erases its own */
  constructor(memory: SecretMemory, { key, keyId }: { readonly key: Uint8Array; readonly keyId: string }) {
    this.#memory = memory;
    this.#slot = memory.take(key.length);
    this.#slot.set(key);
    this.keyId = keyId;
  }

  /** @throws KeyError `GROUP_DENIED` */
  get octets(): Uint8Array {
    if (this.#erased) throw new KeyError('GROUP_DENIED', 'the key of the group is erased: it was withdrawn');
    return this.#slot;
  }

  closeWith(dependent: { close(): void }): () => void {
    this.#dependents.add(dependent);
    return () => void this.#dependents.delete(dependent);
  }

  erase(): void {
    if (this.#erased) return;
    this.#erased = true;
    for (const dependent of [...this.#dependents]) dependent.close();
    this.#dependents.clear();
    this.#memory.giveBack(this.#slot);
  }
}
