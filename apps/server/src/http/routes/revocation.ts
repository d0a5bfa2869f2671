import {
  PkiError,
  type RevocationReason,
  type RevocationReasonWord,
  revocationReasonOf,
  serialNumberDecimal,
} from '@vcc-pki/api';
import type { Issuer } from '../../authority/issuer.ts';
import type { Requester } from '../../requester.ts';
import { type RevocationDeps, revokeCertificate } from '../../revocation/revoke.ts';
import { type CertificateRecord, certificateById, effectiveStatus } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { answerWithCrl } from './answer-with-crl.ts';
import { crlUrlOfCertificate, wireTime } from './certificate-resource.ts';
import { findBySerial, findCertificate } from './find-certificate.ts';
import { parseTime } from './parse-time.ts';

export interface RevocationRouteDeps extends RevocationDeps {
  readonly issuer: Issuer;
}

type Ids = 'revokeCertificate' | 'revokeBySerial' | 'checkSerial' | 'getCrl';

/** How long GET /crl waits for a CRL that is being made. */
const freshnessWaitMs = 5_000;

interface RevocationBody {
  readonly reason?: RevocationReasonWord | undefined;
  readonly comment?: string | undefined;
  readonly invalidity_date?: string | undefined;
  readonly wait?: 'published' | undefined;
}

/** Revoking, and asking what is revoked. */
export function revocationHandlers(deps: RevocationRouteDeps): Handlers<Ids> {
  const { store, issuer, clock } = deps;
  return {
    revokeCertificate: async ({ requester, params, query, body }) =>
      revoke(deps, requester, await findCertificate(deps, requester, params.id), { ...query, ...body }),

    revokeBySerial: async ({ requester, query, body }) => {
      if ((body.certificate_id === undefined) === (body.serial_number === undefined)) {
        throw new PkiError('malformed', 'give exactly one of certificate_id and serial_number', {
          field: 'serial_number',
        });
      }
      const certificate =
        body.certificate_id !== undefined
          ? await findCertificate(deps, requester, body.certificate_id)
          : await findBySerial(store, { requester, issuerId: issuer.issuerId, serial: body.serial_number as string });
      return revoke(deps, requester, certificate, { ...query, ...body });
    },

    checkSerial: async ({ params }) => {
      const record = await findBySerial(store, { issuerId: issuer.issuerId, serial: params.serial });
      const now = clock.now();
      return {
        serial_number: record.serialNumber,
        serial_number_decimal: serialNumberDecimal(record.serialNumber),
        certificate_id: record.certificateId,
        revoked: record.status === 'revoked' || record.status === 'abandoned',
        status: effectiveStatus(record, now),
        ...(record.revokedAt !== null && { revoked_at: wireTime(record.revokedAt) }),
        ...(record.revocationReason !== null && { reason: record.revocationReason as RevocationReason }),
        checked_at: wireTime(now),
        crl_url: crlUrlOfCertificate(record, issuer),
      };
    },

    getCrl: async ({ request, reply }) => {
      const crl = await deps.publisher.freshFull(freshnessWaitMs);
      if (crl === undefined) throw new PkiError('notReady', 'no CRL has been published yet');
      return answerWithCrl(crl, { request, reply, issuer });
    },
  };
}

async function revoke(
  deps: RevocationRouteDeps,
  requester: Requester,
  certificate: CertificateRecord,
  body: RevocationBody,
) {
  if (body.reason === undefined) {
    throw new PkiError('badRevocationReason', 'a reason is required, in the body or as ?reason=', { field: 'reason' });
  }
  const { invalidity_date: since } = body;
  const invalidityDate = since === undefined ? undefined : parseTime('invalidity_date', since);
  const revoked = await revokeCertificate(deps, requester, {
    certificate,
    reason: revocationReasonOf(body.reason),
    comment: body.comment,
    invalidityDate,
    waitForCrl: body.wait === 'published',
  });
  const { certificate: record } = revoked;
  const sameKey = await sameKeyCertificates(deps, revoked.sameKey);
  return {
    certificate_id: record.certificateId,
    service_name: record.serviceId,
    serial_number: record.serialNumber,
    serial_number_decimal: serialNumberDecimal(record.serialNumber),
    status: 'revoked' as const,
    reason: record.revocationReason as RevocationReason,
    revoked_at: wireTime(record.revokedAt ?? deps.clock.now()),
    effective_at: wireTime(revoked.effectiveAt),
    published: revoked.published,
    crl_url: crlUrlOfCertificate(record, deps.issuer),
    ...(invalidityDate !== undefined && { invalidity_date: wireTime(invalidityDate) }),
    same_key: sameKey,
  };
}

async function sameKeyCertificates({ store, clock }: RevocationRouteDeps, ids: readonly string[]) {
  const records = await Promise.all(ids.map((id) => certificateById(store.read, id)));
  return records
    .filter((record) => record !== undefined)
    .map((record) => ({
      certificate_id: record.certificateId,
      service_name: record.serviceId,
      serial_number: record.serialNumber,
      status: effectiveStatus(record, clock.now()),
    }));
}
