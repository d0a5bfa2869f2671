import type { ExpressionBuilder } from 'kysely';
import type { Database } from './database.ts';
import { isIssued } from './issued.ts';

/** For the row of a service: its newest certificate that is good, as `currentCertificateOfService` finds it. */
export function currentCertificate(eb: ExpressionBuilder<Database, 'services'>, now: number) {
  return eb
    .selectFrom('certificates')
    .whereRef('certificates.service_id', '=', 'services.service_id')
    .where(isIssued)
    .where('certificates.status', '=', 'active')
    .where('certificates.not_after', '>=', now)
    .orderBy('certificates.created_at', 'desc')
    .orderBy('certificates.certificate_id', 'desc')
    .limit(1);
}
