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
  #isStopping = false;
  #running: Promise<void> | undefined;

  /** @param limitMs the age beyond which nothing may be encrypted */
  constructor(provider: PKIKeyProvider, { line, limitMs }: { readonly line: string; readonly limitMs: number }) {
    this.#provider = provider;
    this.#limitMs = limitMs;
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
    const before = this.#age();
    try {
      const record = this.#encryption.encrypt({ collection: 'c', field: 'f', documentId: this.done }, 'a secret');
      this.done += 1;
      this.version = parseFixedHeader(record).version;
      if (before >= this.#limitMs) this.wrongs.push(`encrypted at ${before} ms`);
      return undefined;
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      this.refusals.push(error.code);
      const isByAge = error.code === 'OFFLINE_LIMIT' || error.code === 'KEK_STALE';
      if (isByAge && this.#age() < this.#limitMs) this.wrongs.push(`refused at ${before} ms: ${error.code}`);
      return error.code;
    }
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.try();
      await sleep(1);
    }
  }

  #age(): number {
    const [line] = this.#provider.status().lines;
    return line?.versions.find(({ id }) => id === line.primary)?.ageMs ?? Number.POSITIVE_INFINITY;
  }
}
