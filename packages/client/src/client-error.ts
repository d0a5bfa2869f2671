/** What kind of failure on this side of the wire it was; stable. What the server refuses is a `ServerRefusal`. */
export type ClientErrorCode =
  /** Nobody answers, or not in time, or the connection broke. */
  | 'cannotConnect'
  /** The certificate of the server, or what it sent, does not lead to the trusted root. */
  | 'notTrusted'
  /** The certificate of the server is for other names. */
  | 'wrongServerName'
  /** This machine and the server do not agree on the time; both times are in the text. */
  | 'clockSkew'
  /** The server ended the handshake because of our certificate. */
  | 'clientCertificateRefused'
  /** Our certificate is not valid any more, so nothing can be asked with it. */
  | 'certificateExpired'
  /** There is no certificate, and no way to get one. */
  | 'noCertificate'
  /** Certificate and key do not belong together. */
  | 'keyMismatch'
  /** An answer that makes no sense. */
  | 'badAnswer'
  /** A file stands where one would be written, and may not give way. */
  | 'fileExists'
  /** A file cannot be read, or does not hold what it should. */
  | 'fileUnreadable'
  /** A file cannot be written: disk full, folder read-only. */
  | 'fileUnwritable'
  /** Another process is getting a certificate for the same files. */
  | 'busy'
  /** The peer is not the service that was meant. */
  | 'wrongPeer'
  /** The certificate of the peer does not lead to the trusted root, or is not valid. */
  | 'peerNotTrusted'
  /** The certificate of the peer is revoked. */
  | 'peerRevoked'
  /** Whether the certificate of the peer is revoked is not known, and the policy is to refuse then. */
  | 'revocationUnknown'
  /** It was closed before. */
  | 'closed';

/** What a {@link ClientError} carries beside its code and text. */
export interface ClientErrorOptions {
  /** What to do about it. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** A failure of the client itself: of the connection, the files, or what came. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  readonly advice: string | undefined;

  constructor(code: ClientErrorCode, message: string, options: ClientErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice;
  }
}
