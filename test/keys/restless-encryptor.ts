import { setTimeout as sleep } from 'node:timers/promises';
import { FieldEncryption, KeyError, type PKIKeyProvider, parseFixedHeader } from '@vcc-pki/key-provider';

/** Encrypts all the time and remembers what became of it. */
export class RestlessEncryptor {
  /** Encryptions that failed though the key was within its limits, or worked though it was beyond them. */
  readonly wrongs: string[] = [];
  readonly refusals: string[] = [];
  done = 0;
  /** Version of the last record. */
  version = 0;
  readonly #provider: PKIKeyProvider;
  readonly #encryption: FieldEncryption;
  readonly #limitMs: number;
  readonly #endMs: () => number;
  #isStopping = false;
  #running: Promise<void> | undefined;

  /**
   * @param options.limitMs the age beyond which nothing may be encrypted
   * @param options.endMs the moment from which on nothing may be, whatever its age: milliseconds since the epoch
   */
  constructor(
    provider: PKIKeyProvider,
    { line, limitMs, endMs }: { readonly line: string; readonly limitMs: number; readonly endMs?: () => number },
  ) {
    this.#provider = provider;
    this.#limitMs = limitMs;
    this.#endMs = endMs ?? (() => Number.POSITIVE_INFINITY);
    this.#encryption = new FieldEncryption({ keys: provider, line, tenant: 'acme' });
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  /** Encrypts once. @returns the code that it was refused with */
  try(): string | undefined {
    const before = this.#left();
    try {
      const record = this.#encryption.encrypt({ collection: 'c', field: 'f', documentId: this.done }, 'a secret');
      this.done += 1;
      this.version = parseFixedHeader(record).version;
      // The clock may be moved in between: beyond the limit is what was so before and after.
      const late = Math.min(-before, -this.#left());
      if (late >= 0) this.wrongs.push(`encrypted ${late} ms too late`);
      return undefined;
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      this.refusals.push(error.code);
      const isByAge = error.code === 'OFFLINE_LIMIT' || error.code === 'KEK_STALE';
      const after = this.#left();
      if (isByAge && after > 0) this.wrongs.push(`refused ${after} ms too early: ${error.code}`);
      return error.code;
    }
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.try();
      await sleep(1);
    }
  }

  /** Milliseconds until nothing may be encrypted any more. */
  #left(): number {
    const [line] = this.#provider.status().lines;
    const age = line?.versions.find(({ id }) => id === line.primary)?.ageMs ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#limitMs - age, this.#endMs() - Date.now());
  }
}
