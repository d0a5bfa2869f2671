import {
  type CertificateResource,
  type CertificateSummary,
  PkiError,
  type RevocationReason,
  serialNumberDecimal,
  type RenewalInfo as WireRenewalInfo,
} from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import {
  decodeExtension,
  extensionId,
  type GeneralName,
  ipAddressToText,
  parseCertificate,
  parseCRLDistributionPoints,
  parseSubjectAltName,
} from '@vcc-pki/x509';
import type { Issuer } from '../../authority/issuer.ts';
import { crlUrlOf } from '../../authority/load-issuer.ts';
import { perIssuer } from '../../authority/per-issuer.ts';
import { type Danger, type RenewalInfo, renewalInfo } from '../../rotation/renewal-info.ts';
import type { RenewalRules } from '../../rotation/renewal-window.ts';
import {
  type CertificateRecord,
  certificateDer,
  certificatePem,
  crlShardOf,
  effectiveStatus,
} from '../../store/index.ts';

/** What is known besides the record. */
export interface ShowOptions {
  readonly issuer: Issuer;
  readonly now: number;
  readonly rules: { readonly renewal: RenewalRules };
  /** What ends its use before its time. */
  readonly danger?: Danger | undefined;
}

/** A record of the ledger as a listing shows it. */
export function toSummary(record: CertificateRecord, options: ShowOptions): CertificateSummary {
  const { issuer, now, rules, danger } = options;
  const self = `/api/v1/certificates/${record.certificateId}`;
  return {
    certificate_id: record.certificateId,
    service_name: record.serviceId,
    common_name: record.commonName,
    serial_number: record.serialNumber,
    serial_number_decimal: serialNumberDecimal(record.serialNumber),
    not_before: wireTime(record.notBefore),
    not_after: wireTime(record.notAfter),
    issuer: issuer.commonName,
    issuer_id: record.issuerId,
    profile: record.profile,
    key_type: record.keyType,
    created_at: wireTime(record.createdAt),
    ...(record.replaces !== null && { replaces: record.replaces }),
    ...(record.replacedBy !== null && { replaced_by: record.replacedBy }),
    ...(record.revokedAt !== null && { revoked_at: wireTime(record.revokedAt) }),
    ...(record.revocationReason !== null && { revocation_reason: record.revocationReason as RevocationReason }),
    renewal_info: toRenewalInfo(record, renewalInfo(record, { rules: rules.renewal, danger })),
    metadata: JSON.parse(record.metadata) as Record<string, string>,
    download_url: `${self}/download`,
    links: { self, download: `${self}/download`, renew: `${self}/renew`, revoke: `${self}/revoke` },
    status: effectiveStatus(record, now),
    ...(record.fingerprintSha256 !== null && { fingerprint_sha256: record.fingerprintSha256 }),
  };
}

/**
 * An issued certificate with its chain, ready to be used.
 * @param options.names its subjectAltName; read from the certificate when absent.
 * @throws {@link PkiError} `notFound` for what was never issued.
 */
export function toResource(
  record: CertificateRecord,
  options: ShowOptions & { readonly names?: readonly GeneralName[] | undefined },
): CertificateResource {
  const { issuer, now, names = namesOf(record) } = options;
  const { fingerprintSha256 } = record;
  const pem = certificatePem(record);
  if (fingerprintSha256 === null || pem === undefined) {
    throw new PkiError('notFound', `${record.certificateId} was recorded and never issued`);
  }
  return {
    ...toSummary(record, options),
    status: effectiveStatus(record, now) as CertificateResource['status'],
    fingerprint_sha256: fingerprintSha256,
    ...subjectNames(names),
    certificate_pem: pem,
    chain_pem: chainPem(issuer),
  };
}

/** RFC 9773 s4.2. */
export function toRenewalInfo(record: CertificateRecord, { window, reason }: RenewalInfo): WireRenewalInfo {
  return {
    suggested_window: { start: wireTime(window.start), end: wireTime(window.end) },
    reason,
    ...(reason !== 'scheduled' && { explanation_url: `/api/v1/certificates/${record.certificateId}` }),
  };
}

/** The issuers in PEM, nearest first, without the root (RFC 8446 s4.4.2). */
export const chainPem = perIssuer(({ chain }) => chain.map((der) => encodePem('CERTIFICATE', der)).join(''));

/** Where a certificate says that its revocation is published; of one that does not say, the shard that lists it. */
export function crlUrlOfCertificate(record: CertificateRecord, issuer: Issuer): string {
  const der = certificateDer(record);
  const { extensions = [] } = der === undefined ? {} : parseCertificate(der);
  const points = decodeExtension(extensions, extensionId.cRLDistributionPoints, parseCRLDistributionPoints) ?? [];
  for (const { distributionPoint } of points) {
    const names = distributionPoint?.type === 'fullName' ? distributionPoint.names : [];
    for (const name of names) if (name.type === 'uniformResourceIdentifier') return name.value;
  }
  return crlUrlOf(issuer, String(crlShardOf(record.serialNumber, issuer.crlShards)));
}

/** RFC 3339 in whole seconds, as certificates have them. */
export function wireTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

type SubjectNames = Pick<CertificateResource, 'san_dns' | 'san_ip' | 'san_uri' | 'san_email'>;

function namesOf(record: CertificateRecord): readonly GeneralName[] {
  const der = certificateDer(record);
  if (der === undefined) return [];
  return decodeExtension(parseCertificate(der).extensions, extensionId.subjectAltName, parseSubjectAltName) ?? [];
}

function subjectNames(all: readonly GeneralName[]): SubjectNames {
  const names: SubjectNames = { san_dns: [], san_ip: [], san_uri: [], san_email: [] };
  for (const name of all) addName(names, name);
  return names;
}

function addName(names: SubjectNames, name: GeneralName): void {
  if (name.type === 'dNSName') names.san_dns.push(name.value);
  else if (name.type === 'iPAddress') names.san_ip.push(ipAddressToText(name.value));
  else if (name.type === 'uniformResourceIdentifier') names.san_uri.push(name.value);
  else if (name.type === 'rfc822Name') names.san_email.push(name.value);
}
