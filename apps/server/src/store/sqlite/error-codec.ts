import { PkiError } from '@vcc-pki/api/without-schemas';

/** An error as data: structured cloning keeps neither class nor own members of one. */
export type EncodedError =
  | {
      readonly kind: 'refusal';
      readonly code: PkiError['code'];
      readonly detail: string;
      readonly field: string | undefined;
      readonly extra: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'failure'; readonly message: string; readonly stack: string | undefined };

/** Makes an error fit to cross threads. */
export function encodeError(error: unknown): EncodedError {
  if (error instanceof PkiError) {
    return { kind: 'refusal', code: error.code, detail: error.message, field: error.field, extra: error.extra };
  }
  if (error instanceof Error) return { kind: 'failure', message: error.message, stack: error.stack };
  return { kind: 'failure', message: String(error), stack: undefined };
}

/** Makes it an error again: a PkiError with its code and extras, or an Error with the stack of where it arose. */
export function parseEncodedError(encoded: EncodedError): Error {
  if (encoded.kind === 'refusal') {
    const { code, detail, field, extra } = encoded;
    return new PkiError(code, detail, { ...extra, field });
  }
  const error = new Error(encoded.message);
  if (encoded.stack !== undefined) error.stack = encoded.stack;
  return error;
}
