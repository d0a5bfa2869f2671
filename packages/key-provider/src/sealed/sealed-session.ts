import { createHash } from 'node:crypto';
import { pae } from '@vcc-pki/kek';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import { KeyError } from '../key-error.ts';
import { FieldKey } from '../keys/field-key.ts';
import type { FieldScope } from '../keys/kek-handle.ts';
import { keyLabel, u8, u32 } from '../keys/labels.ts';
import type { SecretMemory } from '../keys/secret-memory.ts';

/** What both ends of an HPKE session can do: RFC 9180 s5.3, secret export. */
export interface SessionExporter {
  export(context: Uint8Array, length: number): Promise<ArrayBuffer>;
}

export interface SealedSessionOptions {
  readonly lineId: number;
  readonly version: number;
  /** What its records carry: the `enc` itself, or its name. */
  readonly sealed: Uint8Array;
  readonly exporter: SessionExporter;
  readonly memory: SecretMemory;
}

/** `info` of the HPKE setup of a session: which version of which line it is for. */
export function sessionInfo({ lineId, version }: { readonly lineId: number; readonly version: number }): Uint8Array {
  return pae('vcc-pki/sealed-session/v1', u32(lineId), u32(version));
}

/** Name of a session whose `enc` is too long for a record: the first 16 octets of its SHA-256. */
export function sessionName(enc: Uint8Array): Uint8Array {
  return createHash('sha256').update(enc).digest().subarray(0, 16);
}

/** Keys of fields that a session exports, on either end. */
export class SealedSession implements KeyHolder {
  readonly lineId: number;
  readonly version: number;
  readonly sealed: Uint8Array;
  readonly #exporter: SessionExporter;
  readonly #memory: SecretMemory;
  readonly #keys = new Map<string, FieldKey>();
  #closed = false;

  constructor({ lineId, version, sealed, exporter, memory }: SealedSessionOptions) {
    this.lineId = lineId;
    this.version = version;
    this.sealed = sealed;
    this.#exporter = exporter;
    this.#memory = memory;
  }

  get usable(): boolean {
    return !this.#closed;
  }

  /** Exports the key of a field, after which {@link fieldKey} has it: `Export(PAE(sealed-dek/v1, suite, tenant, collection, field))`. */
  async prepare(suite: number, scope: FieldScope): Promise<void> {
    const name = nameOf(suite, scope);
    if (this.#keys.has(name)) return;
    const label = keyLabel('sealed', [u8(suite), scope.tenant, scope.collection, scope.field]);
    const length = suite === 0x20 ? 64 : 32;
    const octets = new Uint8Array(await this.#exporter.export(label, length));
    this.#checkOpen();
    const slot = this.#memory.take(length);
    slot.set(octets);
    octets.fill(0);
    // Another call may have been faster.
    this.#keys.get(name)?.close();
    this.#keys.set(name, new FieldKey(slot, this.#memory));
  }

  fieldKey(suite: number, scope: FieldScope): FieldKey {
    this.#checkOpen();
    const key = this.#keys.get(nameOf(suite, scope));
    if (!key) throw new RangeError('the key of the field was not prepared');
    return key;
  }

  close(): void {
    this.#closed = true;
    for (const key of this.#keys.values()) key.close();
    this.#keys.clear();
  }

  #checkOpen(): void {
    if (!this.#closed) return;
    throw new KeyError('PROVIDER_CLOSED', 'the session has ended', { kekLine: this.lineId, kekVersion: this.version });
  }
}

function nameOf(suite: number, { tenant, collection, field }: FieldScope): string {
  return `${suite}/${tenant.length}/${tenant}/${collection.length}/${collection}/${field}`;
}
