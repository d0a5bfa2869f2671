import type { AdapterName } from './config/output-schema.ts';

/** An error as the status tells it. */
export interface StatusError {
  readonly code: string;
  readonly message: string;
  readonly at: string;
}

/** How far an output is. Fingerprints are SHA-256 of the certificate, lower-case hex; times are RFC 3339. */
export interface OutputStatus {
  readonly folder: string;
  readonly adapter: AdapterName;
  /** Of the certificate in the files. */
  readonly written_fingerprint: string | null;
  readonly written_at: string | null;
  /** How the program is told. */
  readonly reload: string;
  /** Of the certificate with which the program was told last. */
  readonly reloaded_fingerprint: string | null;
  readonly reloaded_at: string | null;
  readonly error: StatusError | null;
}

/** What an endpoint serves. */
export interface EndpointStatus {
  readonly endpoint: string;
  readonly proven: boolean;
  readonly served_fingerprint: string | null;
  /** What the registry was told last that it serves. */
  readonly reported_fingerprint: string | null;
  readonly problem: string | null;
  readonly checked_at: string;
}

export interface ProofStatus {
  /** `none`: there is no endpoint to look at; `pending`: looking, for a bounded time. */
  readonly state: 'none' | 'pending' | 'proven' | 'unproven';
  readonly endpoints: readonly EndpointStatus[];
  readonly error: StatusError | null;
}

/** One certificate. */
export interface CertificateStatus {
  readonly name: string;
  readonly service_id: string;
  /** As the client library has it: `enrolmentNeeded` needs a token or an operator, `due` is being tried again. */
  readonly state: 'none' | 'valid' | 'due' | 'expired' | 'enrolmentNeeded';
  readonly certificate_id: string | null;
  readonly fingerprint: string | null;
  readonly not_after: string | null;
  readonly renew_at: string | null;
  readonly next_attempt_at: string | null;
  /** Since the agent started. */
  readonly enrolments: number;
  readonly renewals: number;
  readonly failures: number;
  readonly error: StatusError | null;
  readonly outputs: readonly OutputStatus[];
  readonly proof: ProofStatus;
}

/** The file status.json in the state folder; nothing in it is secret. */
export interface AgentStatus {
  readonly version: 1;
  readonly pid: number;
  readonly started_at: string;
  readonly updated_at: string;
  readonly config_file: string;
  readonly pki_server: string;
  /** Why agent.yaml was not read again, when that failed; the agent goes on with the one before. */
  readonly config_error: StatusError | null;
  readonly certificates: readonly CertificateStatus[];
}

/** Whether nothing about a certificate needs a person or another attempt. */
export function isWell({ state, outputs, proof }: CertificateStatus): boolean {
  return state === 'valid' && proof.state !== 'unproven' && proof.error === null && outputs.every(isOutputWell);
}

function isOutputWell({ error }: OutputStatus): boolean {
  return error === null;
}
