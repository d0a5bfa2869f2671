import { KeyError } from '../key-error.ts';
import type { SecretMemory } from './secret-memory.ts';

/** The key of one field in memory. Owned by the {@link KekHandle} it came from, which erases it. */
export class FieldKey {
  readonly #memory: SecretMemory;
  readonly #secret: Buffer;
  #closed = false;

  /** @param secret a slot of `memory`, owned by this key from here on */
  constructor(secret: Buffer, memory: SecretMemory) {
    this.#secret = secret;
    this.#memory = memory;
  }

  /** Its octets, in place: not to be kept. */
  get secret(): Uint8Array {
    if (this.#closed) throw new KeyError('PROVIDER_CLOSED', 'the field key is erased');
    return this.#secret;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#memory.giveBack(this.#secret);
  }
}
