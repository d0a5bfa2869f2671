/** Why a revocation snapshot is not taken although it is well formed; stable, for `switch`. */
export type RevocationSnapshotErrorCode =
  /** It speaks of another issuer's certificates. */
  | 'wrongIssuer'
  /** Neither the issuer nor a responder that it delegated has signed it. */
  | 'wrongSigner'
  | 'badSignature'
  /** Its time has not come: one of the two clocks is wrong. */
  | 'notYetValid'
  | 'expired'
  /** It is older than what is known already. */
  | 'rollback'
  /** A delta that begins behind what is known: what lies between is missing. */
  | 'gap'
  /** A delta where a full snapshot is needed. */
  | 'notFull';

/** A revocation snapshot that is refused. Never thrown for programmer misuse. */
export class RevocationSnapshotError extends Error {
  override readonly name = 'RevocationSnapshotError';
  readonly code: RevocationSnapshotErrorCode;

  constructor(code: RevocationSnapshotErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
