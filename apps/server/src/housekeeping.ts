import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from './clock.ts';
import { settleIntents } from './issuance/recover.ts';
import type { Store } from './store/index.ts';

export interface HousekeepingOptions {
  /** Between two rounds; a minute when absent. */
  readonly intervalMs?: number | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  /** Called on every round: renews the server's own certificates when they are due. */
  readonly renewOwnCertificates: () => Promise<void>;
  /** Called on every round: looks after the renewals of services. */
  readonly lookAfterRenewals: () => Promise<void>;
}

const defaultIntervalMs = 60_000;

/** An intent older than this belongs to a server that died and has not come back; issuing takes well under a second. */
const abandonedAfterMs = 300_000;

/** Certificates marked in one transaction; small, so that requests wait for milliseconds at most. */
const expiryBatch = 500;

/** 90 days after their end, tokens are of interest to the audit log alone. */
const tokenMemoryMs = 90 * 86_400_000;

/** Starts what has to be done from time to time; ends with the returned function. A round that fails is tried again. */
export function startHousekeeping(options: HousekeepingOptions): () => void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    round(options)
      .catch((error: unknown) => options.log.error({ err: error }, 'housekeeping failed, the next round tries again'))
      .finally(() => {
        running = false;
      });
  }, options.intervalMs ?? defaultIntervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function round({ store, clock, renewOwnCertificates, lookAfterRenewals }: HousekeepingOptions): Promise<void> {
  await settleIntents({ store, clock }, { olderThan: clock.now() - abandonedAfterMs });
  let expired: number;
  do {
    ({ expired } = await store.ledger.submit('expireDue', { now: clock.now(), limit: expiryBatch }));
  } while (expired === expiryBatch);
  await forgetOldTokens(store, clock);
  await renewOwnCertificates();
  await lookAfterRenewals();
}

async function forgetOldTokens({ ledger }: Store, clock: Clock): Promise<void> {
  let forgotten: number;
  do {
    const before = clock.now() - tokenMemoryMs;
    ({ forgotten } = await ledger.submit('forgetTokens', { before, limit: expiryBatch }));
  } while (forgotten === expiryBatch);
}
