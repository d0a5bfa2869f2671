import type { PkiEvent } from '@vcc-pki/api';
import type { Clock } from '../clock.ts';
import { dueRotations, type RotationStep, type Store } from '../store/index.ts';
import { rescheduleAll } from './reschedule-all.ts';
import { nextStep } from './rotation-plan.ts';
import type { RotationRules } from './rotation-rules.ts';

export interface RotationSchedulerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly rules: RotationRules;
  /** Unique among all servers, and new with each start. */
  readonly owner: string;
  /** Told of everything that was said about a certificate, after it was committed. */
  readonly onTold: (event: ExpiringEvent) => void;
  /** How long others wait for a server that does not come back; half a minute when absent. */
  readonly leaseMs?: number | undefined;
}

export type ExpiringEvent = Extract<PkiEvent, { readonly type: 'certificate.expiring' }>;

/** Rows of one commit: small, so that requests wait for milliseconds at most. */
const batchSize = 200;

const leaseName = 'rotation';

/**
 * Looks after renewals: reminds of certificates that come to their end and raises its voice about overdue ones. It walks
 * the index of what is due and nothing else; one server of a cluster does it at a time, and another one goes on when that
 * one dies. What was committed was told once, whoever did it.
 */
export class RotationScheduler {
  readonly #options: RotationSchedulerOptions;
  #isClosed = false;
  #hasSettledRules = false;

  constructor(options: RotationSchedulerOptions) {
    this.#options = options;
  }

  /** Does all that is due now, unless another server is at it. @returns how many rows it took a step with. */
  async round(): Promise<number> {
    if (this.#isClosed || !(await this.#takeLease())) return 0;
    if (!this.#hasSettledRules) {
      await rescheduleAll(this.#options, () => this.#takeLease());
      this.#hasSettledRules = true;
    }
    let steps = 0;
    for (let taken = batchSize; taken === batchSize && !this.#isClosed && (await this.#takeLease()); ) {
      taken = await this.#batch();
      steps += taken;
    }
    return steps;
  }

  /** Lets another server go on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { store, owner } = this.#options;
    await store.ledger.submit('releaseLease', { name: leaseName, owner });
  }

  async #takeLease(): Promise<boolean> {
    const { store, owner, clock, leaseMs = 30_000 } = this.#options;
    const lease = await store.ledger.submit('takeLease', { name: leaseName, owner, now: clock.now(), leaseMs });
    return lease.taken;
  }

  async #batch(): Promise<number> {
    const { store, clock, rules, onTold } = this.#options;
    const now = clock.now();
    const rows = await dueRotations.all(store.read, { now, limit: batchSize });
    if (rows.length === 0) return 0;
    const steps = rows.map((row) => nextStep(row, rules, now));
    const taken = new Set((await store.ledger.submit('advanceRotation', { steps, now })).taken);
    for (const event of steps.filter(({ certificateId }) => taken.has(certificateId)).map(toldBy)) {
      if (event !== undefined) onTold(event);
    }
    return taken.size;
  }
}

function toldBy({ event }: RotationStep): ExpiringEvent | undefined {
  return event?.type === 'certificate.expiring' ? event : undefined;
}
