import type { CertificateResource, CertificateSummary } from '@vcc-pki/api';
import type { CliContext } from './context.ts';
import { factsText, type Style, styled, tableText } from './output.ts';
import { distanceText, timeText } from './time-text.ts';

const styleOfStatus: Readonly<Record<string, Style>> = { active: 'green', expired: 'yellow', revoked: 'red' };

/** A listing of certificates, one a line. */
export function certificateTable(certificates: readonly CertificateSummary[], context: CliContext): string {
  const now = context.clock.now();
  return tableText(
    ['certificate id', 'service', 'common name', 'status', 'expires', '', 'serial number'],
    certificates.map((certificate) => [
      certificate.certificate_id,
      certificate.service_name,
      certificate.common_name,
      styled(context, styleOfStatus[certificate.status] ?? 'dim', certificate.status),
      certificate.not_after,
      distanceText(Date.parse(certificate.not_after) - now),
      certificate.serial_number,
    ]),
    'no certificates',
  );
}

/** Everything that is known about a certificate but its PEM. */
export function certificateText(certificate: CertificateResource, context: CliContext): string {
  const now = context.clock.now();
  return factsText([
    ['certificate id', certificate.certificate_id],
    ['service', certificate.service_name],
    ['common name', certificate.common_name],
    ['names', namesText(certificate)],
    ['status', styled(context, styleOfStatus[certificate.status] ?? 'dim', certificate.status)],
    ['not before', certificate.not_before],
    ['not after', timeText(certificate.not_after, now)],
    ['revoked at', certificate.revoked_at],
    ['reason', certificate.revocation_reason],
    ['issuer', certificate.issuer],
    ['profile', certificate.profile],
    ['key type', certificate.key_type],
    ['serial number', certificate.serial_number],
    ['serial (decimal)', certificate.serial_number_decimal],
    ['SHA-256', certificate.fingerprint_sha256],
    ['replaces', certificate.replaces],
    ['replaced by', certificate.replaced_by],
    ['metadata', metadataText(certificate.metadata)],
    ['created at', certificate.created_at],
  ]);
}

/** The alternative names with their types: `DNS:a.b, IP:127.0.0.1`. */
export function namesText(certificate: CertificateResource): string {
  const { san_dns: dns, san_ip: ip, san_uri: uri, san_email: email } = certificate;
  return [
    ...dns.map((name) => `DNS:${name}`),
    ...ip.map((name) => `IP:${name}`),
    ...uri.map((name) => `URI:${name}`),
    ...email.map((name) => `email:${name}`),
  ].join(', ');
}

function metadataText(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
