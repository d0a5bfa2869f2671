import { hash } from 'node:crypto';
import { type Certificate, formatName, type PathError, type RevocationSource, serialToHex } from '@vcc-pki/x509';
import { describeKey } from '../inspect/key-description.ts';
import { toTimestamp } from '../time-text.ts';
import type { CheckResult, Judgement, ShownPath } from './judgement.ts';
import { isSelfIssued } from './likely-path.ts';
import { adviceFor } from './path-advice.ts';

/** A judgement for programs. */
export function judgementJson(
  { error, path, checks, verified }: Judgement,
  fileOf: (certificate: Certificate) => string,
): Readonly<Record<string, unknown>> {
  return {
    ok: error === undefined,
    ...(error && { error: errorJson(error, path) }),
    path: {
      complete: path.isComplete,
      certificates: path.certificates.map((certificate) => certificateJson(certificate, fileOf(certificate))),
    },
    checks: checks.map((outcome) => checkJson(outcome, path)),
    ...(verified && {
      policies: verified.policies,
      revocation: verified.revocation.map(({ index, status, sources }) => ({
        index,
        status,
        sources: sources.map(sourceJson),
      })),
    }),
  };
}

function certificateJson(certificate: Certificate, file: string): Readonly<Record<string, unknown>> {
  return {
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    serial_number: serialToHex(certificate.serialNumber),
    not_before: toTimestamp(certificate.validity.notBefore),
    not_after: toTimestamp(certificate.validity.notAfter),
    key: describeKey(certificate.subjectPublicKeyInfo.der).json,
    fingerprint_sha256: hash('sha256', certificate.der),
    file,
  };
}

function checkJson(outcome: CheckResult, path: ShownPath): Readonly<Record<string, unknown>> {
  const { check, result } = outcome;
  return {
    check: check.id,
    result,
    section: check.section,
    ...(outcome.result === 'failed' && { error: errorJson(outcome.error, path) }),
    ...(outcome.result === 'skipped' && { reason: outcome.reason }),
  };
}

function errorJson(error: PathError, path: ShownPath): Readonly<Record<string, unknown>> {
  const { code, index, section, message, revocation } = error;
  const subject = path.certificates[index];
  return {
    code,
    index,
    section,
    detail: message,
    advice: adviceFor(code, subject !== undefined && isSelfIssued(subject)),
    ...(revocation && { revoked_at: toTimestamp(revocation.revokedAt), reason: revocation.reason }),
  };
}

function sourceJson(source: RevocationSource): Readonly<Record<string, unknown>> {
  return {
    type: source.type,
    this_update: toTimestamp(source.thisUpdate),
    next_update: toTimestamp(source.nextUpdate),
    ...(source.type === 'ocsp'
      ? { produced_at: toTimestamp(source.producedAt) }
      : { crl_number: source.crlNumber?.toString() ?? null }),
  };
}
