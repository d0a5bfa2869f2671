import { ClientError } from '../client-error.ts';

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

/** Whether a handshake failed because the server's certificate is not valid at this time: a matter of clocks. */
export function isMatterOfTime(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
}

/** Turns what the transport threw into what happened and what to do. */
export function explainTransportError(error: unknown, origin: string): ClientError {
  const code = codeOf(error);
  const known = explainTrust(code, origin, error) ?? explainReach(code, origin, error);
  if (known !== undefined) return known;
  const text = error instanceof Error ? error.message : String(error);
  return new ClientError('cannotConnect', `the connection to ${origin} failed: ${text}`, { cause: error });
}

function explainTrust(code: string, origin: string, cause: unknown): ClientError | undefined {
  if (untrusted.has(code)) {
    return new ClientError('notTrusted', `the certificate of ${origin} does not come from the trusted root`, {
      advice: 'Name the root certificate of the PKI that this server belongs to.',
      cause,
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new ClientError('wrongServerName', `the certificate of ${origin} is for other names`, {
      advice: 'Use a name that the server has (init --dns-name), or add this one to its certificate.',
      cause,
    });
  }
  if (isMatterOfTime(cause)) {
    return new ClientError('clockSkew', `the certificate of ${origin} is not valid at this time`, {
      advice: 'Check the clock of this machine, then that of the server.',
      cause,
    });
  }
  if (clientRefused.test(code)) {
    return new ClientError('clientCertificateRefused', `${origin} does not accept the client certificate`, {
      advice: 'Use a certificate of this PKI that is neither expired nor revoked.',
      cause,
    });
  }
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') {
    return new ClientError('keyMismatch', 'the client certificate and its key do not belong together', {
      advice: 'Name both files of one pair.',
      cause,
    });
  }
  return undefined;
}

function explainReach(code: string, origin: string, cause: unknown): ClientError | undefined {
  const told = (message: string, advice: string) => new ClientError('cannotConnect', message, { advice, cause });
  switch (code) {
    case 'ECONNREFUSED':
      return told(`no server answers at ${origin}`, 'Start the PKI server, or check the address.');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return told(`the host of ${origin} is unknown`, 'Check the address of the PKI server.');
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return told(`${origin} does not answer`, 'Check the address and what lies between, then repeat it.');
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_HTTP_REQUEST':
      return told(
        `${origin} does not speak TLS`,
        'The API is on the https port (8443 unless configured), the plain one has only CRLs.',
      );
    case 'ECONNRESET':
    case 'EPIPE':
      return told(`${origin} closed the connection`, 'The server may be stopping; repeat it.');
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
