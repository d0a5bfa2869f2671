import { describeError } from './agent-error.ts';
import type { OutputConfig } from './config/agent-config.ts';
import type { Material } from './outputs/material.ts';
import { writeOutput } from './outputs/output-folder.ts';
import { reload, reloadText } from './reload/reload.ts';
import type { OutputStatus } from './status.ts';

/** How far one output is: its files, and the program that reads them. */
export class OutputProgress {
  readonly config: OutputConfig;
  readonly #now: () => number;
  #status: OutputStatus;
  /** The certificate for which a signal was sent a second time, or is about to be. */
  #repeated: string | undefined;
  #isSignalDue = false;

  /** @param before what the agent knew of the same folder when it ran last */
  constructor(config: OutputConfig, before: OutputStatus | undefined, now: () => number) {
    this.config = config;
    this.#now = now;
    this.#status = {
      folder: config.folder,
      adapter: config.adapter,
      written_fingerprint: before?.written_fingerprint ?? null,
      written_at: before?.written_at ?? null,
      reload: reloadText(config.reload),
      reloaded_fingerprint: before?.reloaded_fingerprint ?? null,
      reloaded_at: before?.reloaded_at ?? null,
      error: null,
    };
  }

  get status(): OutputStatus {
    return this.#status;
  }

  /**
   * Writes the files and has the program take them up; does nothing that is done already. What fails is kept in the
   * status, for another attempt.
   * @returns what was done, in words for the log
   */
  async deploy(fingerprint: string, material: Material): Promise<'written' | 'reloaded' | 'unchanged' | 'failed'> {
    try {
      const changed = await writeOutput(this.config, material);
      const isNew = changed || this.#status.written_fingerprint !== fingerprint;
      if (isNew) this.#note({ written_fingerprint: fingerprint, written_at: this.#timestamp() });
      const reloaded = await this.#reload(fingerprint, { material, changed });
      this.#note({ error: null });
      return reloaded ? 'reloaded' : isNew ? 'written' : 'unchanged';
    } catch (error) {
      this.#note({ error: { ...describeError(error), at: this.#timestamp() } });
      return 'failed';
    }
  }

  /**
   * Has the next {@link deploy} send the signal of a certificate once more, and never a third time. A signal has no answer:
   * one that comes while its program starts or reloads may be lost, as with the master process of HAProxy.
   */
  repeatSignal(fingerprint: string): void {
    if (this.config.reload?.kind !== 'signal' || this.#repeated === fingerprint) return;
    this.#repeated = fingerprint;
    this.#isSignalDue = true;
  }

  async #reload(
    fingerprint: string,
    next: { readonly material: Material; readonly changed: boolean },
  ): Promise<boolean> {
    const action = this.config.reload;
    if (action === undefined) return false;
    if (!next.changed && !this.#isSignalDue && this.#status.reloaded_fingerprint === fingerprint) return false;
    this.#isSignalDue = false;
    // Should the agent die within the reload, it is done again.
    this.#note({ reloaded_fingerprint: null });
    await reload(action, next.material);
    this.#note({ reloaded_fingerprint: fingerprint, reloaded_at: this.#timestamp() });
    return true;
  }

  #note(news: Partial<OutputStatus>): void {
    this.#status = { ...this.#status, ...news };
  }

  #timestamp(): string {
    return new Date(this.#now()).toISOString();
  }
}
