import type { CertificatePage, CertificateSummary, KekGrant } from '@vcc-pki/api';
import type { IssuanceDeps } from '../../issuance/deps.ts';
import { grantsOf } from '../../keks/grants.ts';
import { listVisibleKeks } from '../../keks/list-keks.ts';
import type { Requester } from '../../requester.ts';
import {
  type CertificateRecord,
  certificatesById,
  type KekRecord,
  kekByCertificate,
  kekProfileName,
} from '../../store/index.ts';
import { toSummary } from './certificate-resource.ts';
import { toKekResource } from './kek-resource.ts';

type KekMembers = Pick<CertificateSummary, 'id' | 'cert' | 'valid_until' | 'kek'>;

/** What the certificate of a KEK is shown with beside what every certificate is; nothing for others. */
export async function kekMembersOf(
  { store }: IssuanceDeps,
  requester: Requester,
  record: CertificateRecord,
): Promise<KekMembers> {
  if (record.profile !== kekProfileName) return {};
  const kek = await kekByCertificate(store.read, record.certificateId);
  return kek === undefined ? {} : kekMembers(kek, await grantsOf(store, requester, kek));
}

/** `GET /certificates?type=KEK`: the certificates of the versions that the requester may know of. */
export async function listKekCertificates(
  deps: IssuanceDeps,
  requester: Requester,
  query: { readonly limit?: number; readonly cursor?: string },
): Promise<CertificatePage> {
  const { store, issuer, clock, rules } = deps;
  const now = clock.now();
  const page = await listVisibleKeks(store, requester, { limit: query.limit ?? 50, cursor: query.cursor });
  const records = await certificatesById(
    store.read,
    page.items.map(({ kek }) => kek.certificateId),
  );
  const byId = new Map(records.map((record) => [record.certificateId, record]));
  return {
    items: page.items.flatMap(({ kek, grants }) => {
      const record = byId.get(kek.certificateId);
      return record === undefined ? [] : [{ ...toSummary(record, { issuer, now, rules }), ...kekMembers(kek, grants) }];
    }),
    next_cursor: page.nextCursor,
  };
}

function kekMembers(kek: KekRecord, grants: readonly KekGrant[]): KekMembers {
  const resource = toKekResource(kek, grants);
  return { id: resource.id, cert: resource.cert, valid_until: resource.valid_until, kek: resource };
}
