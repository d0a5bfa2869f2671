import { hpkeSuite, type KekKem, parseKekPublicKey } from '@vcc-pki/kek';
import { systemTime, type TimeSource } from '../cache/time-source.ts';
import type { Engine } from '../ciphertext/engine.ts';
import { fastestEngine } from '../ciphertext/fastest-engine.ts';
import { NonceSource } from '../ciphertext/nonce-source.ts';
import { suites } from '../ciphertext/suites.ts';
import type { FieldPlace, ItemResult, ValueItem } from '../fields/field-place.ts';
import { buildPolicy, type FieldPolicy } from '../fields/field-policy.ts';
import { FieldWriter } from '../fields/field-writer.ts';
import { KeyError } from '../key-error.ts';
import { type SecretMemory, sharedSecretMemory } from '../keys/secret-memory.ts';
import { SealedSession, sessionInfo, sessionName } from './sealed-session.ts';

/** What a write-only service knows of a KEK: its certificate, which it has verified. */
export interface SealingKek {
  readonly lineId: number;
  readonly version: number;
  /** DER SubjectPublicKeyInfo of the certificate. */
  readonly publicKey: Uint8Array;
  /** End of writing under this version, from the certificate. */
  readonly notAfterWriteMs: number;
}

export interface SealedWriterOptions {
  /** The version to write under now; asked for every session and record, so that it can throw what it knows of a revocation. */
  readonly kek: () => SealingKek;
  readonly tenant: string;
  readonly policy?: Partial<FieldPolicy> | undefined;
  readonly fields?: Readonly<Record<string, Partial<FieldPolicy>>> | undefined;
  /**
   * Keeps the `enc` of a session before its first record is written; needed with P-256 and X-Wing, whose records carry only its
   * name. With X25519 it is in every record.
   */
  readonly storeSession?: ((name: Uint8Array, enc: Uint8Array) => Promise<void>) | undefined;
  readonly time?: TimeSource | undefined;
  readonly memory?: SecretMemory | undefined;
  readonly engine?: Engine | undefined;
}

const maxSessionMs = 3_600_000;
const maxSessionRecords = 2 ** 20;

/** A session with its bounds. */
interface Running {
  readonly session: SealedSession;
  readonly kek: SealingKek;
  readonly endsAtMs: number;
  records: number;
}

/**
 * Encrypts fields for those who hold the KEK, without holding it: with the certificate alone. A session lasts an hour or
 * 2^20 records; with its end this service cannot read what it wrote.
 */
export class SealedWriter {
  readonly #options: SealedWriterOptions;
  readonly #time: TimeSource;
  readonly #memory: SecretMemory;
  readonly #writer: FieldWriter;
  #running: Running | undefined;
  #starting: Promise<Running> | undefined;
  #closed = false;

  constructor(options: SealedWriterOptions) {
    this.#options = options;
    this.#time = options.time ?? systemTime;
    this.#memory = options.memory ?? sharedSecretMemory();
    this.#writer = new FieldWriter({
      tenant: options.tenant,
      engine: options.engine ?? fastestEngine(),
      nonces: new NonceSource(),
      policyOf: (place) => this.#policyOf(place),
      holderOf: () => this.#session(),
      // A certificate tells its own line alone.
      knowsLine: () => true,
    });
  }

  /** Encrypts one value; see {@link FieldEncryption.encrypt}. */
  async encrypt(place: FieldPlace, value: Uint8Array | string): Promise<Uint8Array> {
    await this.#prepare(place, 1);
    return this.#writer.encrypt(place, value);
  }

  async encryptMany(place: FieldPlace, items: readonly ValueItem[]): Promise<ItemResult[]> {
    await this.#prepare(place, items.length);
    return this.#writer.encryptMany(place, items);
  }

  /** Ends the session and erases its keys. */
  close(): void {
    this.#closed = true;
    this.#end();
  }

  #policyOf({ collection, field }: FieldPlace): FieldPolicy {
    return buildPolicy(this.#options.policy, this.#options.fields?.[`${collection}.${field}`]);
  }

  async #prepare(place: FieldPlace, records: number): Promise<void> {
    if (place.access) throw new TypeError('a write-only service has no keys of groups');
    const running = await this.#current(records);
    const { collection, field } = place;
    const scope = { tenant: this.#options.tenant, collection, field };
    await running.session.prepare(suites[this.#policyOf(place).suite].id, scope);
    running.records += records;
  }

  async #current(records: number): Promise<Running> {
    const kek = this.#options.kek();
    this.#checkOpen(kek);
    const running = this.#running;
    const good =
      running !== undefined &&
      running.kek.lineId === kek.lineId &&
      running.kek.version === kek.version &&
      this.#time.monotonic() < running.endsAtMs &&
      running.records + records <= maxSessionRecords;
    if (good) return running;
    this.#end();
    this.#starting ??= this.#start(kek).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(kek: SealingKek): Promise<Running> {
    const { kem, octets } = parseKekPublicKey(kek.publicKey);
    const suite = hpkeSuite(kem);
    const recipientPublicKey = await suite.kem.deserializePublicKey(Uint8Array.from(octets).buffer);
    const exporter = await suite.createSenderContext({ recipientPublicKey, info: sessionInfo(kek) });
    const sealed = await this.#sealed(kem, new Uint8Array(exporter.enc));
    this.#checkOpen(kek);
    const session = new SealedSession({ ...kek, sealed, exporter, memory: this.#memory });
    this.#running = { session, kek, endsAtMs: this.#time.monotonic() + maxSessionMs, records: 0 };
    return this.#running;
  }

  async #sealed(kem: KekKem, enc: Uint8Array): Promise<Uint8Array> {
    const name = sessionName(enc);
    await this.#options.storeSession?.(name, enc);
    if (kem === 'X25519') return enc;
    if (!this.#options.storeSession) throw new TypeError(`the sessions of ${kem} have to be stored: give storeSession`);
    return name;
  }

  #session(): SealedSession {
    const kek = this.#options.kek();
    this.#checkOpen(kek);
    if (!this.#running) throw new RangeError('the session was not prepared');
    return this.#running.session;
  }

  #checkOpen({ lineId, version, notAfterWriteMs }: SealingKek): void {
    const names = { kekLine: lineId, kekVersion: version };
    if (this.#closed) throw new KeyError('PROVIDER_CLOSED', 'the writer is closed', names);
    if (this.#time.now() > notAfterWriteMs) throw new KeyError('KEK_STALE', 'the time of writing has ended', names);
  }

  #end(): void {
    this.#running?.session.close();
    this.#running = undefined;
  }
}
