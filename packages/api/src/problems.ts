/** One row of the problem table: what a code means on the wire (RFC 9457 s3.1). */
export interface ProblemDefinition {
  /** Stable URI of the problem type; a name, not an address. */
  readonly type: string;
  /** The same for every occurrence of the code. */
  readonly title: string;
  /** HTTP status code. */
  readonly status: number;
  /** Whether the text of the error and its extra members may leave the house. */
  readonly exposesDetail: boolean;
  /** What the caller should do about it, unless an error knows better. */
  readonly advice: string;
}

type Row = Omit<ProblemDefinition, 'type' | 'exposesDetail'> & { readonly exposesDetail?: false };

/** Names are those of RFC 8555 s6.7 where one fits. */
const rows = {
  malformed: {
    title: 'The request is malformed',
    status: 400,
    advice: 'Correct the member named in "field"; the OpenAPI document states every shape and limit.',
  },
  badCSR: {
    title: 'The certificate signing request is unacceptable',
    status: 400,
    advice:
      'Make a new PKCS#10 request, signed by the key it contains, with only names and extensions that are allowed.',
  },
  badPublicKey: {
    title: 'The public key is unacceptable',
    status: 400,
    advice: 'Generate a new key: ECDSA P-256 or P-384, Ed25519, or RSA with 2048 to 4096 bits.',
  },
  badSignatureAlgorithm: {
    title: 'The signature algorithm is unacceptable',
    status: 400,
    advice: 'Sign the request with ECDSA or RSA over SHA-256 or stronger, or with Ed25519.',
  },
  badValidity: {
    title: 'The validity period is unacceptable',
    status: 400,
    advice: 'Ask for a shorter period: within the maximum of the configuration and the life of the issuer.',
  },
  badRevocationReason: {
    title: 'The revocation reason is unacceptable',
    status: 400,
    advice: 'Use one of the documented reasons; a hold is never possible.',
  },
  badKekRequest: {
    title: 'The request for a key is unacceptable',
    status: 400,
    advice: 'Sign a new request with the key of the client certificate, a new nonce and the right time.',
  },

  rejectedAddress: {
    title: 'The server must not call this address',
    status: 400,
    advice: 'Use an https URL that the section outbound of the configuration allows the server to call.',
  },
  unauthorized: {
    title: 'No valid client certificate',
    status: 401,
    advice: 'Connect with a client certificate of this PKI that is neither expired nor revoked.',
  },
  forbidden: {
    title: 'The operation is not allowed to this service',
    status: 403,
    advice: 'Ask the operator of the PKI for the permission that "detail" says is missing.',
  },
  rejectedIdentifier: {
    title: 'The service may not hold this name',
    status: 403,
    advice: 'Remove the name, or ask the operator to add it to the names of the service in the whitelist.',
  },
  enrolmentRefused: {
    title: 'The enrolment token is not accepted',
    status: 403,
    exposesDetail: false,
    advice:
      'Ask the operator for a new token: each is used once, for one service and one key, within its time. The audit log has the reason.',
  },
  notFound: {
    title: 'There is no such resource',
    status: 404,
    advice: 'Check the identifier; a list of what there is has the right one.',
  },
  methodNotAllowed: {
    title: 'The resource does not have this method',
    status: 405,
    advice: 'Use a method that the Allow header names.',
  },
  notAcceptable: {
    title: 'No representation fits the Accept header',
    status: 406,
    advice: 'Accept one of the media types that are documented for the resource.',
  },
  requestTimeout: {
    title: 'The request did not arrive in time',
    status: 408,
    advice: 'Send the request again, all of it at once; look for what slows the connection down if it stays.',
  },
  conflict: {
    title: 'The request conflicts with another one',
    status: 409,
    advice: 'Read the resource again; repeat the request if it is still wanted.',
  },
  alreadyRevoked: {
    title: 'The certificate is already revoked',
    status: 409,
    advice: 'Nothing is left to do; the reason may only be changed to keyCompromise.',
  },
  certificateNotActive: {
    title: 'The certificate is not active',
    status: 409,
    advice: 'Request a new certificate: one that is expired or revoked can neither be renewed nor revoked.',
  },
  quotaExceeded: {
    title: 'The service holds as many certificates as it may',
    status: 409,
    advice: 'Renew or revoke one of the existing certificates, or ask the operator to raise max_certificates.',
  },
  kekNotAcknowledged: {
    title: 'Not every consumer has the key yet',
    status: 409,
    advice: 'Wait until the consumers have acknowledged, or force it if they are gone.',
  },
  kekInUse: {
    title: 'The key is still needed',
    status: 409,
    advice: 'Encrypt anew what it protects, let every service scan twice, and wait; or force it and lose what is left.',
  },
  kekDisabled: {
    title: 'The key is disabled',
    status: 409,
    advice: 'Ask the operator to enable it, if there is data that only it can read.',
  },
  kekRevoked: {
    title: 'The key is revoked',
    status: 409,
    advice: 'Use the primary key of the line; say accept_compromised to read what is to be encrypted anew.',
  },
  kekDestroyed: {
    title: 'The key is destroyed',
    status: 410,
    advice: 'Nothing brings it back; what only it could read is lost.',
  },
  preconditionFailed: {
    title: 'The resource is no longer as If-Match says',
    status: 412,
    advice: 'Read the resource again, with its new ETag, and repeat the change if it is still wanted.',
  },
  payloadTooLarge: {
    title: 'The request is too large',
    status: 413,
    advice: 'Send less: the limits are in the OpenAPI document.',
  },
  unsupportedMediaType: {
    title: 'The media type of the request is not supported',
    status: 415,
    advice: 'Send the body as application/json.',
  },
  idempotencyMismatch: {
    title: 'The Idempotency-Key was used for another request',
    status: 422,
    advice: 'Use a new key for a new request; repeat a request byte for byte to get its answer again.',
  },
  rateLimited: {
    title: 'Too many requests',
    status: 429,
    advice: 'Wait for the seconds that Retry-After states, then repeat the request.',
  },
  headersTooLarge: {
    title: 'The header fields of the request are too large',
    status: 431,
    advice: 'Send fewer and shorter header fields, and a shorter URL: "detail" says how much both may have.',
  },
  serverInternal: {
    title: 'The server failed',
    status: 500,
    exposesDetail: false,
    advice: 'Repeat the request later; tell the operator the request_id, which the server log contains too.',
  },
  notReady: {
    title: 'The server is not ready',
    status: 503,
    advice: 'Repeat the request later; /ready says which part is missing.',
  },
} as const satisfies Record<string, Row>;

/** Stable name of an error; the same in the server, on the wire and in the client. */
export type ProblemCode = keyof typeof rows;

/** Every code, in the order of the table: by status. */
export const problemCodes = Object.keys(rows) as readonly ProblemCode[];

/** THE table: code to RFC 9457 problem. Documented in `docs/errors.md`; a test holds the two together. */
export const problems = Object.fromEntries(
  problemCodes.map((code) => [code, { exposesDetail: true, ...rows[code], type: `urn:vcc:pki:problem:${code}` }]),
) as Readonly<Record<ProblemCode, ProblemDefinition>>;

/** Tells whether `text` is a code of this version of the table. */
export function isProblemCode(text: unknown): text is ProblemCode {
  return typeof text === 'string' && Object.hasOwn(rows, text);
}
