import type { FieldKey } from './field-key.ts';

/**
 * The field keys of one KEK by name; beyond `max` the least recently used is closed. Keys are closed when they leave.
 *
 * A Map keeps the order of insertion. A cache that sets aside room for all it may hold costs a KEK two milliseconds at once.
 */
export class FieldKeyCache {
  readonly #keys = new Map<string, FieldKey>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** The key of a name, which is the most recently used one now. */
  get(name: string): FieldKey | undefined {
    const key = this.#keys.get(name);
    if (key === undefined) return undefined;
    this.#keys.delete(name);
    this.#keys.set(name, key);
    return key;
  }

  /** @param name of a key that is not here */
  add(name: string, key: FieldKey): void {
    this.#keys.set(name, key);
    if (this.#keys.size <= this.#max) return;
    for (const [oldest, first] of this.#keys) {
      this.#keys.delete(oldest);
      first.close();
      return;
    }
  }

  clear(): void {
    for (const key of this.#keys.values()) key.close();
    this.#keys.clear();
  }
}
