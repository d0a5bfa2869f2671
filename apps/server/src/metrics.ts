import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The instruments of one server, in one registry that `/metrics` prints; handed to every room that measures. */
export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly issued: Counter<'profile'>;
  readonly renewed: Counter<'profile'>;
  readonly revoked: Counter<'reason'>;
  readonly refused: Counter<'operation' | 'code'>;
  readonly signerSeconds: Histogram<'object'>;
  readonly ledgerCommitSeconds: Histogram;
  readonly issuerNotAfter: Gauge<'issuer' | 'role'>;
  readonly serverCertificateNotAfter: Gauge;
}

/** Upper bounds in seconds; the mission's targets (50, 100, 300, 500 ms) are bounds of their own. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1, 2.5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const histogram = <T extends string>(name: string, help: string, labelNames: T[] = []): Histogram<T> =>
    new Histogram({ name, help, labelNames, registers, buckets: latencyBuckets });
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []): Counter<T> =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []): Gauge<T> =>
    new Gauge({ name, help, labelNames, registers });
  return {
    registry,
    requestSeconds: histogram('vcc_pki_request_duration_seconds', 'Time from request to answer', [
      'method',
      'route',
      'status',
    ]),
    issued: counter('vcc_pki_certificates_issued_total', 'Certificates issued, renewals not counted', ['profile']),
    renewed: counter('vcc_pki_certificates_renewed_total', 'Certificates issued as renewals', ['profile']),
    revoked: counter('vcc_pki_certificates_revoked_total', 'Revocations by RFC 5280 reason', ['reason']),
    refused: counter('vcc_pki_requests_refused_total', 'Requests refused, by operation and problem code', [
      'operation',
      'code',
    ]),
    signerSeconds: histogram('vcc_pki_signer_duration_seconds', 'Time of one use of the CA key', ['object']),
    ledgerCommitSeconds: histogram(
      'vcc_pki_ledger_commit_duration_seconds',
      'Time of a batch from its first statement to its durable commit',
    ),
    issuerNotAfter: gauge('vcc_pki_issuer_not_after_timestamp_seconds', 'End of validity of a CA certificate', [
      'issuer',
      'role',
    ]),
    serverCertificateNotAfter: gauge(
      'vcc_pki_server_certificate_not_after_timestamp_seconds',
      "End of validity of the server's own certificate",
    ),
  };
}
