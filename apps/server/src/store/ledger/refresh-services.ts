import type { ServiceEvent, ServiceStatus } from '@vcc-pki/api';
import type { Kysely } from 'kysely';
import { currentCertificate } from '../current-certificate.ts';
import type { Database } from '../database.ts';
import { type PreparedQuery, prepared } from '../prepared-query.ts';
import type { Change } from './transaction.ts';

/** What the change feed says about a service. */
export function serviceChange(
  { serviceId, revision, status }: { serviceId: string; revision: number; status: ServiceStatus },
  { change, at }: { readonly change: ServiceEvent['change']; readonly at: number },
): Change {
  return { event: 'service', data: { service_id: serviceId, revision, status, change }, at };
}

/**
 * Puts the newest good certificates of services into their entries in the registry, those of a whole batch with one
 * statement. Nothing is done for services that never registered, and when it is the same certificate as before.
 *
 * @returns what the change feed is to tell.
 */
export async function refreshServices(
  db: Kysely<Database>,
  { serviceIds, now }: { readonly serviceIds: readonly string[]; readonly now: number },
): Promise<Change[]> {
  const changes: Change[] = [];
  for (let start = 0; start < serviceIds.length; start += largestChunk) {
    const chunk = serviceIds.slice(start, start + largestChunk);
    const size = chunkSizes.find((one) => one >= chunk.length) ?? largestChunk;
    const changed = await refreshes[size].all(db, { now, ...parametersOf(chunk, size) });
    changes.push(...changed.map((service) => serviceChange(service, { change: 'certificate', at: now })));
  }
  return changes;
}

/** So that few statement texts serve every number of services; places that are left over repeat the last one. */
const chunkSizes = [1, 8, 64] as const;
const largestChunk = 64;

interface Refreshed {
  readonly serviceId: string;
  readonly revision: number;
  readonly status: ServiceStatus;
}

type Parameters = { readonly now: number } & Readonly<Record<`id${number}`, string>>;

const refreshes = { 1: prepareRefresh(1), 8: prepareRefresh(8), 64: prepareRefresh(64) };

function parametersOf(chunk: readonly string[], size: number): Readonly<Record<`id${number}`, string>> {
  const last = chunk.at(-1) ?? '';
  return Object.fromEntries(Array.from({ length: size }, (_, place) => [`id${place}`, chunk[place] ?? last]));
}

function prepareRefresh(size: number): PreparedQuery<Parameters, Refreshed> {
  return prepared((db, p: Parameters) =>
    db
      .updateTable('services')
      .set((eb) => ({
        certificate_id: currentCertificate(eb, p.now).select('certificates.certificate_id'),
        certificate_expiry: currentCertificate(eb, p.now).select('certificates.not_after'),
        updated_at: p.now,
        revision: eb('revision', '+', 1),
      }))
      .where(
        'service_id',
        'in',
        Array.from({ length: size }, (_, place) => p[`id${place}`] as string),
      )
      .where('registered_at', 'is not', null)
      .where((eb) =>
        eb('certificate_id', 'is distinct from', currentCertificate(eb, p.now).select('certificates.certificate_id')),
      )
      .returning(['service_id as serviceId', 'revision', 'status']),
  );
}
