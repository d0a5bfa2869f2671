import { PkiError } from '@vcc-pki/api/without-schemas';
import { isIssued } from '../issued.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import { expireCertificates, overdueColumns } from './expire-certificates.ts';
import { latestPossibleTat, noRateLimit, type RateLimit, rateLimitAt, retryAfterSeconds } from './gcra.ts';
import type { IssuanceLimits, RecordIntentInput } from './record-intent.ts';

type Reservation = Pick<RecordIntentInput, 'serviceId' | 'replaces' | 'limits' | 'now'>;

/**
 * Takes a place in the service's quota and one unit from both rates, or refuses and takes nothing.
 *
 * @returns The certificate to give up first, when a renewal went above the quota.
 */
export async function reserveCertificate(tx: LedgerTransaction, reservation: Reservation): Promise<string | undefined> {
  await takePlace(tx, reservation);
  await takeGlobalUnit(tx, reservation);
  if (!reservation.limits.mayExceedByRenewal || !(await isAboveQuota(tx, reservation))) return undefined;
  return reservation.replaces ?? (await nextToExpire.first(tx.db, reservation))?.certificate_id;
}

/** Takes the place with one statement; only a refusal looks closer. */
async function takePlace(tx: LedgerTransaction, reservation: Reservation): Promise<void> {
  const { serviceId, limits, now } = reservation;
  const rate = limits.rateExempt ? noRateLimit : rateLimitAt(now, limits.ratePerHour);
  const place = { serviceId, now, allowed: allowedCertificates(limits), ...rate };
  const take = async () => (await takeServicePlace.run(tx.db, place)) > 0;
  if (await take()) return;
  if ((await makeRoom(tx, reservation)) && (await take())) return;
  if ((await forgetFuture(tx, reservation)) && (await take())) return;
  throw await refusalOf(tx, reservation, rate);
}

/** What was counted on a clock that was hours ahead keeps nobody waiting. */
async function forgetFuture(tx: LedgerTransaction, { serviceId, now }: Reservation): Promise<boolean> {
  return (await resetServiceRate.run(tx.db, { serviceId, now, latest: latestPossibleTat(now) })) > 0;
}

const resetServiceRate = prepared((db, p: { serviceId: string; now: number; latest: number }) =>
  db
    .updateTable('services')
    .set({ rate_tat_ms: p.now })
    .where('service_id', '=', p.serviceId)
    .where('rate_tat_ms', '>', p.latest),
);

function allowedCertificates({ maxCertificates, mayExceedByRenewal }: IssuanceLimits): number {
  return mayExceedByRenewal ? maxCertificates + 1 : maxCertificates;
}

const takeServicePlace = prepared((db, p: { serviceId: string; now: number; allowed: number } & RateLimit) =>
  db
    .updateTable('services')
    .set((eb) => ({
      active_certificates: eb('active_certificates', '+', 1),
      rate_tat_ms: eb(
        eb.case().when('rate_tat_ms', '>', p.now).then(eb.ref('rate_tat_ms')).else(p.now).end(),
        '+',
        p.intervalMs,
      ),
    }))
    .where('service_id', '=', p.serviceId)
    .where('active_certificates', '<', p.allowed)
    .where('rate_tat_ms', '<=', p.latestTat),
);

/** Makes the service's row if it has none, and frees the places of its overdue certificates. */
async function makeRoom(tx: LedgerTransaction, { serviceId, now }: Reservation): Promise<boolean> {
  if (await recordService(tx, serviceId, now)) return true;
  const overdue = await overdueOfService.all(tx.db, { serviceId, now });
  await expireCertificates(tx, overdue, now);
  return overdue.length > 0;
}

/** Makes the row of a service that has none. */
export async function recordService(tx: LedgerTransaction, serviceId: string, now: number): Promise<boolean> {
  return (await insertService.run(tx.db, { serviceId, now })) > 0;
}

const insertService = prepared((db, p: { serviceId: string; now: number }) =>
  db
    .insertInto('services')
    .values({ service_id: p.serviceId, service_name: p.serviceId, created_at: p.now, updated_at: p.now })
    .onConflict((conflict) => conflict.doNothing()),
);

const overdueOfService = prepared((db, p: { serviceId: string; now: number }) =>
  db
    .selectFrom('certificates')
    .select(overdueColumns)
    .where('service_id', '=', p.serviceId)
    .where(isIssued)
    .where('status', '=', 'active')
    .where('not_after', '<', p.now),
);

async function refusalOf(tx: LedgerTransaction, reservation: Reservation, rate: RateLimit): Promise<PkiError> {
  const { serviceId, limits } = reservation;
  const service = await serviceLimits.first(tx.db, { serviceId });
  if (service === undefined) throw new Error(`The service ${serviceId} vanished from its own transaction.`);
  if (service.active_certificates < allowedCertificates(limits)) return rateRefusal(service.rate_tat_ms, rate);
  const candidate = (await nextToExpire.first(tx.db, { serviceId }))?.certificate_id;
  const advice = candidate === undefined ? '' : ` Revoke one first; ${candidate} expires next.`;
  return new PkiError(
    'quotaExceeded',
    `${serviceId} has ${service.active_certificates} of ${limits.maxCertificates} certificates.${advice}`,
    candidate === undefined ? {} : { dropCandidate: candidate },
  );
}

/** Tells whether a renewal has taken the service above its quota, and nothing was given up since. */
export async function isAboveQuota(
  tx: LedgerTransaction,
  { serviceId, limits }: Pick<Reservation, 'serviceId' | 'limits'>,
): Promise<boolean> {
  const service = await serviceLimits.first(tx.db, { serviceId });
  return service !== undefined && service.active_certificates > limits.maxCertificates;
}

const serviceLimits = prepared((db, p: { serviceId: string }) =>
  db.selectFrom('services').select(['active_certificates', 'rate_tat_ms']).where('service_id', '=', p.serviceId),
);

const nextToExpire = prepared((db, p: { serviceId: string }) =>
  db
    .selectFrom('certificates')
    .select('certificate_id')
    .where('service_id', '=', p.serviceId)
    .where(isIssued)
    .where('status', '=', 'active')
    .orderBy('not_after')
    .orderBy('certificate_id')
    .limit(1),
);

/** The savepoint gives the service's place and unit back when this refuses. */
async function takeGlobalUnit(tx: LedgerTransaction, { limits, now }: Reservation): Promise<void> {
  if (limits.rateExempt) return;
  const rate = rateLimitAt(now, limits.globalRatePerHour);
  if ((await takeUnit.run(tx.db, { now, ...rate })) > 0) return;
  if ((await resetGlobalRate.run(tx.db, { now, latest: latestPossibleTat(now) })) > 0) {
    await takeUnit.run(tx.db, { now, ...rate });
    return;
  }
  const limit = await globalLimit.first(tx.db, {});
  if (limit === undefined) throw new Error('The global rate limit has no row.');
  throw rateRefusal(limit.tat_ms, rate);
}

const takeUnit = prepared((db, p: { now: number } & RateLimit) =>
  db
    .updateTable('rate_limits')
    .set((eb) => ({
      tat_ms: eb(eb.case().when('tat_ms', '>', p.now).then(eb.ref('tat_ms')).else(p.now).end(), '+', p.intervalMs),
    }))
    .where('key', '=', 'global')
    .where('tat_ms', '<=', p.latestTat),
);

const resetGlobalRate = prepared((db, p: { now: number; latest: number }) =>
  db.updateTable('rate_limits').set({ tat_ms: p.now }).where('key', '=', 'global').where('tat_ms', '>', p.latest),
);

const globalLimit = prepared((db, _: object) =>
  db.selectFrom('rate_limits').select('tat_ms').where('key', '=', 'global'),
);

function rateRefusal(tat: number, rate: RateLimit): PkiError {
  const seconds = retryAfterSeconds(tat, rate);
  return new PkiError('rateLimited', `Too many certificates in this hour; try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });
}
