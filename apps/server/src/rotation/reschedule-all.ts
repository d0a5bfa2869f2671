import { canonicalJson } from '../audit/index.ts';
import { activeCertificatesBehind, rotationRules, type Store } from '../store/index.ts';
import { findDangers } from './dangers.ts';
import { renewalInfo } from './renewal-info.ts';
import { planRotation } from './rotation-plan.ts';
import type { RotationRules } from './rotation-rules.ts';

interface RescheduleOptions {
  readonly store: Store;
  readonly rules: RotationRules;
}

/** Certificates of one commit. */
const pageSize = 500;

/** Those that the server renews for itself. */
const ownServices = new Set(['pki-server', 'pki-ocsp']);

/**
 * Schedules every active certificate anew when the rules are others than those the schedule was made by, and once for a
 * ledger that is older than the schedule. Windows are drawn from ids, so doing it again changes nothing.
 * @param goOn asked between pages; false ends it, and the next call begins again.
 */
export async function rescheduleAll({ store, rules }: RescheduleOptions, goOn: () => Promise<boolean>): Promise<void> {
  const text = canonicalJson({ ...rules });
  if ((await rotationRules(store.read)) === text) return;
  let last = { createdAt: -1, certificateId: '' };
  for (let size = pageSize; size === pageSize; ) {
    const page = await activeCertificatesBehind.all(store.read, { ...last, limit: pageSize });
    size = page.length;
    last = page.at(-1) ?? last;
    const services = page.filter(({ serviceId }) => !ownServices.has(serviceId));
    const dangers = await findDangers(store, services);
    const certificates = services.map((certificate) => {
      const danger = dangers.get(certificate.certificateId);
      const { window } = renewalInfo({ ...certificate, revokedAt: null }, { rules, danger });
      const isReplaced = certificate.replacedBy !== null;
      const { certificateId, serviceId } = certificate;
      return { certificateId, serviceId, isReplaced, ...planRotation(certificate, rules, { window }) };
    });
    const isLast = size < pageSize;
    await store.ledger.submit('rescheduleRotation', { certificates, ...(isLast && { rules: text }) });
    if (!isLast && !(await goOn())) return;
  }
}
