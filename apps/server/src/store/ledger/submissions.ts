import type { OperationInput, OperationName, OperationOutput } from '../operations/index.ts';
import type { StoreObserver } from '../store.ts';
import type { BatchReport, Ledger, Outcome, Submission } from './ledger.ts';

/** The side of a ledger that callers see: it sends their operations on and keeps their promises until a batch is reported. */
export class Submissions implements Ledger {
  readonly #send: (submissions: readonly Submission[]) => void;
  readonly #observer: StoreObserver;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #unsent: Submission[] = [];
  #lastId = 0;
  #isDraining = false;
  #drained = Promise.withResolvers<void>();
  #lastCommitFailed = false;
  #ended: Error | undefined;

  constructor(send: (submissions: readonly Submission[]) => void, observer: StoreObserver = {}) {
    this.#send = send;
    this.#observer = observer;
  }

  async submit<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#isDraining) throw new Error('The ledger is closed.');
    const outcome = Promise.withResolvers<unknown>();
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, outcome);
    // What is submitted in one go is sent in one go.
    if (this.#unsent.push({ id: this.#lastId, name, input }) === 1) queueMicrotask(() => this.#sendAll());
    // A submission is answered with what its own operation returned.
    return (await outcome.promise) as OperationOutput<K>;
  }

  /** Settles the promises of a batch. */
  settle({ ids, result, durationMs }: BatchReport): void {
    this.#lastCommitFailed = 'error' in result;
    if ('error' in result) {
      this.#observer.failed?.(result.error);
      for (const id of ids) this.#settleOne(id, { ok: false, error: result.error });
      return;
    }
    this.#observer.committed?.({ operations: ids.length, durationMs });
    for (const [index, id] of ids.entries()) this.#settleOne(id, result.outcomes[index]);
  }

  /** Rejects what waits and what is yet to come: nothing will be reported any more. The first reason counts. */
  end(reason: Error): void {
    this.#ended ??= reason;
    for (const id of [...this.#waiting.keys()]) this.#settleOne(id, { ok: false, error: this.#ended });
  }

  isHealthy(): boolean {
    return this.#ended === undefined && !this.#isDraining && !this.#lastCommitFailed;
  }

  /** Takes no more; resolves when everything submitted is settled. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#waiting.size > 0) await this.#drained.promise;
  }

  #sendAll(): void {
    const submissions = this.#unsent;
    this.#unsent = [];
    try {
      this.#send(submissions);
    } catch (error) {
      for (const { id } of submissions) this.#settleOne(id, { ok: false, error });
    }
  }

  #settleOne(id: number, outcome: Outcome | undefined): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (outcome === undefined) waiting?.reject(new Error('The ledger gave no outcome for an operation.'));
    else if (outcome.ok) waiting?.resolve(outcome.output);
    else waiting?.reject(outcome.error);
    if (this.#isDraining && this.#waiting.size === 0) this.#drained.resolve();
  }
}
