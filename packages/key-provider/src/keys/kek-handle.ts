import type { KekKem } from '@vcc-pki/kek';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import { suites } from '../ciphertext/suites.ts';
import { KeyError, type KeyErrorCode } from '../key-error.ts';
import { FieldKey } from './field-key.ts';
import { FieldKeyCache } from './field-key-cache.ts';
import { hkdfExpandInto } from './hkdf.ts';
import { type KeyPurpose, keyLabel, type LabelPiece, u8, u32 } from './labels.ts';
import { type SecretMemory, sharedSecretMemory } from './secret-memory.ts';

/** Its key has 64 octets and a label of its own. */
const deterministicSuite = suites['AES-256-SIV'].id;

/** Which field's key: part of the derivation, so that another tenant, collection or field has another key. */
export interface FieldScope {
  readonly tenant: string;
  readonly collection: string;
  readonly field: string;
}

export interface KekHandleOptions {
  /** Name of the line, for people. */
  readonly lineName: string;
  /** Number of the line in the headers of records, u32. */
  readonly lineId: number;
  /** Number of the version within its line, u32. */
  readonly version: number;
  /** The 32 octets that `deriveKek` of `@vcc-pki/kek` gives; copied, the caller erases its own. */
  readonly root: Uint8Array;
  /** Private key for what write-only services sealed to the certificate. Without it sealed records are not read. */
  readonly kexPrivateKey?: CryptoKey | undefined;
  /** Key agreement of the certificate: with X25519 records carry the whole `enc` of a session, otherwise its name. */
  readonly kem?: KekKem | undefined;
  readonly memory?: SecretMemory | undefined;
  /** How many field keys are kept; the least recently used is erased beyond it. */
  readonly maxFieldKeys?: number | undefined;
}

/**
 * One version of a KEK in memory: its root secret, and the keys derived from it.
 *
 * {@link KekHandle.close} erases it when nobody who called {@link KekHandle.retain} is left; {@link KekHandle.erase} at once.
 * Every key of it is erased with it.
 */
export class KekHandle implements KeyHolder {
  readonly lineName: string;
  readonly lineId: number;
  readonly version: number;
  /** Key agreement of its certificate. */
  readonly kem: KekKem;
  /** Octets that sealed records of this version say of their session. */
  readonly sealedBytes: 16 | 32;
  /** Where its keys are kept. */
  readonly memory: SecretMemory;
  readonly #dependents = new Set<{ close(): void }>();
  readonly #root: Buffer;
  #kex: CryptoKey | undefined;
  readonly #fieldKeys: FieldKeyCache;
  #users = 1;
  #closed = false;
  #erasedFor: KeyErrorCode | undefined;

  constructor(options: KekHandleOptions) {
    const { lineName, lineId, version, root, kexPrivateKey, kem = 'X25519', memory, maxFieldKeys = 10_000 } = options;
    if (root.length !== 32) throw new RangeError(`the root of a KEK has 32 octets, not ${root.length}`);
    checkNumber('lineId', lineId);
    checkNumber('version', version);
    this.lineName = lineName;
    this.lineId = lineId;
    this.version = version;
    this.sealedBytes = kem === 'X25519' ? 32 : 16;
    this.memory = memory ?? sharedSecretMemory();
    this.#root = this.#keep(root);
    this.#kex = kexPrivateKey;
    this.kem = kem;
    this.#fieldKeys = new FieldKeyCache(maxFieldKeys);
  }

  /** Whether its keys can still be used. */
  get usable(): boolean {
    return this.#erasedFor === undefined;
  }

  /** @throws KeyError with the reason why its keys are erased */
  checkUsable(): void {
    if (this.#erasedFor !== undefined) throw new KeyError(this.#erasedFor, 'the KEK is erased', this.#names());
  }

  /** The key of one field under one suite; derived once, then from memory. */
  fieldKey(suite: number, { tenant, collection, field }: FieldScope): FieldKey {
    const name = `${suite}/${tenant.length}/${tenant}/${collection.length}/${collection}/${field}`;
    const known = this.#fieldKeys.get(name);
    if (known) return known;
    const made = new FieldKey(this.#deriveFieldKey(suite, { tenant, collection, field }), this.memory);
    this.#fieldKeys.add(name, made);
    return made;
  }

  #deriveFieldKey(suite: number, { tenant, collection, field }: FieldScope): Buffer {
    const pieces = [u32(this.lineId), u32(this.version), tenant, collection, field];
    if (suite === deterministicSuite) return this.expandDek('deterministic', pieces, 64);
    return this.expandDek('field', [u8(suite), ...pieces]);
  }

  /**
   * HKDF-Expand of the root under a label: a slot of secret memory that now belongs to the caller.
   *
   * @param pieces what follows the label, in the order of docs/ciphertext-format.md
   */
  expandDek(purpose: KeyPurpose, pieces: readonly LabelPiece[], length: 32 | 64 = 32): Buffer {
    this.checkUsable();
    const slot = this.memory.take(length);
    hkdfExpandInto(slot, this.#root, keyLabel(purpose, pieces));
    return slot;
  }

  /** Uses a derived key and erases it: {@link expandDek} for what is needed once. */
  withDek<Result>(purpose: KeyPurpose, pieces: readonly LabelPiece[], use: (key: Uint8Array) => Result): Result {
    const key = this.expandDek(purpose, pieces);
    try {
      return use(key);
    } finally {
      this.memory.giveBack(key);
    }
  }

  /** The private key of the certificate, to open what write-only services sealed to it. Not to be kept. */
  get kexPrivateKey(): CryptoKey {
    this.checkUsable();
    if (!this.#kex) throw new KeyError('KEK_UNKNOWN', 'the private key of this KEK is not here', this.#names());
    return this.#kex;
  }

  /** Runs something with the root secret, in place: not to be kept. */
  withRoot<Result>(use: (root: Uint8Array) => Result): Result {
    this.checkUsable();
    return use(this.#root);
  }

  /** Keeps the keys in memory until {@link KekHandle.release}, though the owner closes the handle meanwhile. */
  retain(): this {
    this.checkUsable();
    this.#users++;
    return this;
  }

  release(): void {
    if (this.#users === 0) throw new RangeError('released more often than retained');
    this.#users--;
    if (this.#users === 0) this.erase('PROVIDER_CLOSED');
  }

  /** The owner's release; further calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.release();
  }

  /**
   * Has something closed when the keys are erased: what was derived from them by others.
   *
   * @returns what takes it from the list, once it is closed otherwise
   */
  closeWith(dependent: { close(): void }): () => void {
    this.checkUsable();
    this.#dependents.add(dependent);
    return () => void this.#dependents.delete(dependent);
  }

  /** Erases now, whoever is using it: from here on every use is refused with `code`. */
  erase(code: KeyErrorCode): void {
    if (!this.usable) return;
    this.#erasedFor = code;
    this.#fieldKeys.clear();
    for (const dependent of this.#dependents) dependent.close();
    this.#dependents.clear();
    this.memory.giveBack(this.#root);
    this.#kex = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #keep(secret: Uint8Array): Buffer {
    const slot = this.memory.take(secret.length);
    slot.set(secret);
    return slot;
  }

  #names(): { kekLine: string; kekVersion: number } {
    return { kekLine: this.lineName, kekVersion: this.version };
  }
}

function checkNumber(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError(`${name} is no u32: ${value}`);
}
