import type { AgentStatus, CertificateStatus } from './status.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** The content type of the Prometheus text format. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The status as Prometheus metrics. Written out here, since the usual library would take a fifth of the agent's memory for
 * a dozen gauges whose values are all in the status.
 */
export function metricsText(status: AgentStatus): string {
  const { certificates } = status;
  return [
    metric('start_time_seconds', 'gauge', 'When the agent started', [[{}, seconds(status.started_at)]]),
    metric('config_error', 'gauge', '1 when agent.yaml could not be read again', [[{}, status.config_error ? 1 : 0]]),
    metric(
      'certificate_not_after_timestamp_seconds',
      'gauge',
      'End of validity of the certificate in use',
      timeSamples(certificates, ({ not_after }) => not_after),
    ),
    metric(
      'certificate_renew_at_timestamp_seconds',
      'gauge',
      'When the certificate in use will be renewed',
      timeSamples(certificates, ({ renew_at }) => renew_at),
    ),
    metric(
      'certificate_state',
      'gauge',
      '1 for the state a certificate is in',
      certificates.map((one) => [{ ...labelsOf(one), state: one.state }, 1]),
    ),
    counter(
      'enrolments_total',
      'First certificates that came for a token',
      certificates,
      ({ enrolments }) => enrolments,
    ),
    counter('renewals_total', 'Renewals since the start', certificates, ({ renewals }) => renewals),
    counter('failures_total', 'Attempts to enrol or renew that failed', certificates, ({ failures }) => failures),
    metric(
      'output_failed',
      'gauge',
      '1 when files could not be written or a reload failed',
      outputSamples(certificates),
    ),
    metric(
      'endpoint_proven',
      'gauge',
      '1 when the endpoint serves the certificate in use',
      endpointSamples(certificates),
    ),
    metric(
      'served_reported',
      'gauge',
      '1 when the registry knows that the certificate in use is served',
      certificates.map((one) => [labelsOf(one), isReported(one) ? 1 : 0]),
    ),
    metric('process_resident_memory_bytes', 'gauge', 'Memory of the agent', [[{}, process.memoryUsage.rss()]]),
  ].join('');
}

function labelsOf({ name, service_id: service }: CertificateStatus): Labels {
  return { certificate: name, service };
}

function isReported({ fingerprint, proof }: CertificateStatus): boolean {
  const { endpoints } = proof;
  return endpoints.length > 0 && endpoints.every((endpoint) => endpoint.reported_fingerprint === fingerprint);
}

function timeSamples(
  certificates: readonly CertificateStatus[],
  timeOf: (certificate: CertificateStatus) => string | null,
): Sample[] {
  return certificates.flatMap((one) => {
    const time = timeOf(one);
    return time === null ? [] : [[labelsOf(one), seconds(time)] as const];
  });
}

function counter(
  name: string,
  help: string,
  certificates: readonly CertificateStatus[],
  count: (certificate: CertificateStatus) => number,
): string {
  return metric(
    name,
    'counter',
    help,
    certificates.map((one) => [labelsOf(one), count(one)]),
  );
}

function outputSamples(certificates: readonly CertificateStatus[]): Sample[] {
  return certificates.flatMap((one) =>
    one.outputs.map(({ folder, error }): Sample => [{ ...labelsOf(one), folder }, error === null ? 0 : 1]),
  );
}

function endpointSamples(certificates: readonly CertificateStatus[]): Sample[] {
  return certificates.flatMap((one) =>
    one.proof.endpoints.map(({ endpoint, proven }): Sample => [{ ...labelsOf(one), endpoint }, proven ? 1 : 0]),
  );
}

/** One metric in the text format; without samples none. */
function metric(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const full = `vcc_pki_agent_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labelText(labels)} ${value}`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('\n')}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}
