/** Why a byte string is not the DER that was expected; stable, for `switch`. */
export type DerErrorCode =
  | 'truncated'
  | 'trailingData'
  | 'unexpectedTag'
  | 'invalidTag'
  | 'invalidLength'
  | 'invalidValue'
  | 'tooDeep'
  | 'outOfRange';

/** Bytes that are not valid DER, or not the DER type that the caller asked for. Never thrown for programmer misuse. */
export class DerError extends Error {
  override readonly name = 'DerError';
  readonly code: DerErrorCode;
  /** Where in the outermost buffer the fault was found, in octets. */
  readonly offset: number;

  constructor(code: DerErrorCode, message: string, offset: number) {
    super(`${message} (at octet ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}
