/** Where a change comes from, for the ledger and the audit log; a requester over mTLS, or the server and `init` themselves. */
export interface Origin {
  /** SHA-256 of the client certificate, lower-case hex; null when no client asked. */
  readonly fingerprint: string | null;
  readonly clientIp: string | null;
  readonly requestId: string | null;
  /** The service that asks; for the audit log. */
  readonly serviceId: string | null;
}
