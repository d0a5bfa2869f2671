import { tableText } from '../output.ts';
import { timeText } from '../time-text.ts';
import { type AgentStatus, type CertificateStatus, isWell } from './status.ts';

/** The status for people: a line for each certificate, and under it what is not well. */
export function agentStatusText(
  status: AgentStatus,
  { running, now }: { readonly running: boolean; readonly now: number },
): string {
  const { certificates, config_error: configError } = status;
  const head = running
    ? `the agent runs (pid ${status.pid})`
    : `the agent does not run; it was last at work at ${status.updated_at}`;
  return [
    head,
    ...(configError === null ? [] : [`the new configuration is not used: ${configError.message}`]),
    tableText(
      ['name', 'service', 'state', 'not after', 'files', 'served'],
      certificates.map((certificate) => row(certificate, now)),
    ),
    ...certificates.filter((certificate) => !isWell(certificate)).flatMap(problems),
  ].join('\n');
}

function row(certificate: CertificateStatus, now: number): string[] {
  const { name, service_id: service, state, not_after: notAfter, outputs, proof } = certificate;
  const good = outputs.filter(({ error }) => error === null).length;
  const proven = proof.endpoints.filter((endpoint) => endpoint.proven).length;
  return [
    name,
    service,
    state,
    notAfter === null ? '-' : timeText(notAfter, now),
    outputs.length === 0 ? '-' : `${good} of ${outputs.length}`,
    proof.endpoints.length === 0 ? '-' : `${proven} of ${proof.endpoints.length}`,
  ];
}

function problems({ name, error, outputs, proof }: CertificateStatus): string[] {
  return [
    ...(error === null ? [] : [`${name}: ${error.message}`]),
    ...outputs.flatMap((output) =>
      output.error === null ? [] : [`${name}: ${output.folder}: ${output.error.message}`],
    ),
    ...proof.endpoints.flatMap(({ endpoint, problem }) =>
      problem === null ? [] : [`${name}: ${endpoint}: ${problem}`],
    ),
    ...(proof.error === null ? [] : [`${name}: the registry: ${proof.error.message}`]),
  ];
}
