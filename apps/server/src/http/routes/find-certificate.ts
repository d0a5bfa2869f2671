import { PkiError, serialNumberCandidates } from '@vcc-pki/api';
import type { Clock } from '../../clock.ts';
import { findKek } from '../../keks/grants.ts';
import { onlyOwn } from '../../policy/index.ts';
import type { Requester } from '../../requester.ts';
import {
  type CertificateRecord,
  certificateById,
  certificateBySerial,
  currentCertificateOfService,
  kekNumber,
  type Store,
} from '../../store/index.ts';

interface FindDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * The certificate that `{id}` names: a certificate_id that one, a service_id the current one of the service, and the id of
 * a KEK the certificate of it.
 * @throws {@link PkiError} `notFound`, or `forbidden` for another service's when the requester is no administrator.
 */
export async function findCertificate(
  { store, clock }: FindDeps,
  requester: Requester,
  id: string,
): Promise<CertificateRecord> {
  if (kekNumber(id) !== undefined) {
    const { kek } = await findKek(store, requester, id);
    const certificate = await certificateById(store.read, kek.certificateId);
    if (certificate !== undefined) return certificate;
  }
  // A service_id is a DNS label and has no underscore; every certificate_id has.
  const record = id.includes('_')
    ? await certificateById(store.read, id)
    : await currentCertificateOfService(store.read, { serviceId: id, now: clock.now() });
  if (record === undefined && (requester.isAdmin || id === requester.serviceId)) {
    throw new PkiError('notFound', id.includes('_') ? `there is no certificate ${id}` : `${id} has no certificate`);
  }
  return visible(record, requester);
}

/** The certificate with a serial number in hex or decimal. @throws {@link PkiError} as {@link findCertificate}. */
export async function findBySerial(
  store: Store,
  { requester, issuerId, serial }: { requester?: Requester; issuerId: string; serial: string },
): Promise<CertificateRecord> {
  for (const serialNumber of serialNumberCandidates(serial)) {
    const record = await certificateBySerial(store.read, { issuerId, serialNumber });
    if (record !== undefined) return requester === undefined ? record : visible(record, requester);
  }
  throw new PkiError('notFound', `no certificate has the serial number ${serial}`);
}

/** Whether it exists at all is not told to those who may not see it. */
function visible(record: CertificateRecord | undefined, requester: Requester): CertificateRecord {
  if (record !== undefined && (requester.isAdmin || record.serviceId === requester.serviceId)) return record;
  throw onlyOwn(`"${requester.serviceId}" may see its own certificates only`);
}
