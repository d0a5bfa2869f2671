/** Why something is not acceptable although its DER is in order; stable, for `switch`. */
export type X509ErrorCode =
  | 'invalidStructure'
  | 'duplicateExtension'
  | 'badSerialNumber'
  | 'badIpAddress'
  | 'badPublicKey'
  | 'unsupportedAlgorithm';

/** Well-formed DER (or text) that breaks a rule of X.509 or of this package. Never thrown for programmer misuse. */
export class X509Error extends Error {
  override readonly name = 'X509Error';
  readonly code: X509ErrorCode;

  constructor(code: X509ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
