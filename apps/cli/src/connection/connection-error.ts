import { CliError } from '../cli-error.ts';

/** OpenSSL's and Node's words for "the certificate of the server does not lead to a root I trust". */
const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

/** Alerts by which a TLS server says that it does not take the client certificate (RFC 8446 s6.2). */
const clientRefused =
  /ALERT_(?:CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|CERTIFICATE_UNKNOWN|ACCESS_DENIED|UNSUPPORTED_CERTIFICATE)/;

/** Turns what the transport threw into what happened and what to do. */
export function explainTransportError(error: unknown, origin: string): CliError {
  const code = codeOf(error);
  const known = explainTrust(code, origin, error) ?? explainReach(code, origin, error);
  if (known !== undefined) return known;
  const text = error instanceof Error ? error.message : String(error);
  return new CliError('cannotConnect', `the connection to ${origin} failed: ${text}`, { cause: error });
}

function explainTrust(code: string, origin: string, cause: unknown): CliError | undefined {
  if (untrusted.has(code)) {
    return new CliError('notTrusted', `the certificate of ${origin} does not come from the trusted root`, {
      advice: 'Name the right root certificate with --ca, or the folder of the PKI with --dir or PKI_DIR.',
      cause,
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new CliError('notTrusted', `the certificate of ${origin} is for other names`, {
      advice: 'Use a name that the server has (init --dns-name), or add this one to its certificate.',
      cause,
    });
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return new CliError('notTrusted', `the certificate of ${origin} is not valid at this time`, {
      advice: 'Check the clock of this machine, then that of the server.',
      cause,
    });
  }
  if (clientRefused.test(code)) {
    return new CliError('clientCertificateRefused', `${origin} does not accept the client certificate`, {
      advice: 'Use a certificate of this PKI that is neither expired nor revoked: --cert and --key.',
      cause,
    });
  }
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') {
    return new CliError('noClientCertificate', 'the client certificate and its key do not belong together', {
      advice: 'Name both with --cert and --key.',
      cause,
    });
  }
  return undefined;
}

function explainReach(code: string, origin: string, cause: unknown): CliError | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return new CliError('cannotConnect', `no server answers at ${origin}`, {
        advice: 'Start it with "vcc-pki serve", or name another one with --server or PKI_PORT.',
        cause,
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CliError('cannotConnect', `the host of ${origin} is unknown`, { advice: 'Check --server.', cause });
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new CliError('cannotConnect', `${origin} does not answer`, {
        advice: 'Check --server and what lies between; then repeat the command.',
        cause,
      });
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_HTTP_REQUEST':
      return new CliError('cannotConnect', `${origin} does not speak TLS`, {
        advice: 'The API is on the https port (8443 unless configured), the plain one has only CRLs.',
        cause,
      });
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return new CliError('cannotConnect', `${origin} closed the connection`, {
        advice: 'The server may be stopping; repeat the command.',
        cause,
      });
    default:
      return undefined;
  }
}

/** The code of an error, or of what caused it; of several attempts (IPv6, IPv4) that of the first. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}
