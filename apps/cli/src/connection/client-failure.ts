import type { ClientError, ClientErrorCode } from '@vcc-pki/client';
import { CliError, type CliErrorCode } from '../cli-error.ts';

interface Wording {
  readonly code: CliErrorCode;
  /** In the options of the command; without it the advice of the library. */
  readonly advice?: string;
}

const wordings: Readonly<Record<ClientErrorCode, Wording>> = {
  cannotConnect: { code: 'cannotConnect' },
  notTrusted: {
    code: 'notTrusted',
    advice: 'Name the right root certificate with --ca, or the folder of the PKI with --dir or PKI_DIR.',
  },
  wrongServerName: { code: 'notTrusted' },
  clockSkew: { code: 'notTrusted' },
  clientCertificateRefused: {
    code: 'clientCertificateRefused',
    advice: 'Use a certificate of this PKI that is neither expired nor revoked: --cert and --key.',
  },
  certificateExpired: { code: 'clientCertificateExpired' },
  noCertificate: { code: 'noClientCertificate' },
  keyMismatch: { code: 'noClientCertificate', advice: 'Name both with --cert and --key.' },
  badAnswer: { code: 'badAnswer', advice: 'Check that --server names a PKI server, and --ca the root of its PKI.' },
  fileExists: {
    code: 'fileExists',
    advice: 'Use "vcc-pki renew" for a new certificate of the same names, another --out, or --force.',
  },
  fileUnreadable: { code: 'fileUnreadable' },
  fileUnwritable: { code: 'fileUnwritable' },
  busy: { code: 'fileExists' },
  wrongPeer: { code: 'notTrusted' },
  peerNotTrusted: { code: 'notTrusted' },
  peerRevoked: { code: 'notTrusted' },
  revocationUnknown: { code: 'notTrusted' },
  closed: { code: 'cannotConnect' },
};

/** A failure of the client library in the words of the command. */
export function fromClientError(error: ClientError): CliError {
  const { code, advice = error.advice } = wordings[error.code];
  return new CliError(code, error.message, { ...(advice !== undefined && { advice }), cause: error });
}
