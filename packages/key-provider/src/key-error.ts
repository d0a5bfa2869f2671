/** One row of the table of key errors: what a code means and what to do about it. */
export interface KeyErrorDefinition {
  readonly meaning: string;
  readonly advice: string;
}

const rows = {
  KEK_UNKNOWN: {
    meaning: 'The server knows no such KEK, or this service has no grant for its line.',
    advice: 'Check the name of the line and its grants: vcc-pki kek list.',
  },
  KEK_UNAVAILABLE: {
    meaning: 'The KEK is not in memory and the server cannot be asked just now.',
    advice: 'Try again: the provider asks again by itself.',
  },
  KEK_STALE: {
    meaning: 'The KEK was last confirmed longer ago than the hard TTL, and offline mode is off.',
    advice: 'Bring the server back, or allow offline mode with its limits.',
  },
  OFFLINE_LIMIT: {
    meaning: 'Offline mode has reached its limit: grace, the end of writing, or the age of the CRL.',
    advice: 'Bring the server back; the limit is exact and nothing extends it.',
  },
  KEK_NOT_VALIDATED: {
    meaning: 'The certificate of the KEK is not valid, or its secret is not the certified one.',
    advice: 'Treat it as an attack until it is explained: it is never tried again by itself.',
  },
  KEK_REVOKED: {
    meaning: 'The certificate of the KEK is revoked.',
    advice: 'Follow docs/runbooks/kek-compromise.md.',
  },
  KEK_NOT_PRIMARY: {
    meaning: 'The version may decrypt, and only the primary version of its line may encrypt.',
    advice: 'Encrypt under the primary version of the line.',
  },
  KEK_DISABLED: {
    meaning: 'The version is disabled: nothing is encrypted or decrypted under it.',
    advice: 'An administrator can enable it again while its seed exists.',
  },
  KEK_DESTROYED: {
    meaning: 'The seed of the version is erased.',
    advice: 'What is still encrypted under it is lost; restore a backup that is older.',
  },
  WRONG_KEY: {
    meaning: 'The record was encrypted under another key than the one at hand.',
    advice: 'Check tenant, collection and field, and that the record is of this database.',
  },
  TAMPERED: {
    meaning: 'The record was changed after it was encrypted.',
    advice: 'Restore the record and find who changed it.',
  },
  CONTEXT_MISMATCH: {
    meaning: 'The key is right and the record belongs to another document, row version or header.',
    advice: 'Give the context with which it was encrypted; it may have been moved or changed.',
  },
  UNSUPPORTED_SUITE: {
    meaning: 'The record has a version, suite or flag that is unknown here.',
    advice: 'Update @vcc-pki/key-provider.',
  },
  MALFORMED_CIPHERTEXT: {
    meaning: 'The bytes are no record of this format.',
    advice: 'Check the column: it may hold plaintext, or a text form of a record.',
  },
  NESTED_CIPHERTEXT: {
    meaning: 'What is to be encrypted is a record already.',
    advice: 'Encrypt the plaintext; allowNested where nesting is meant.',
  },
  GROUP_DENIED: {
    meaning: 'None of the groups of the token may use the field, or this service is no member of the group.',
    advice: 'Check the groups of the user, the allowedGroups of the field, and the members: vcc-pki kek group show.',
  },
  TOKEN_INVALID: {
    meaning: 'The token does not hold: signature, issuer, audience, times or type.',
    advice: 'Have the user sign in again.',
  },
  JWKS_UNAVAILABLE: {
    meaning: 'The key set of the issuer cannot be fetched, and the last one is too old or was never there.',
    advice: 'Try again; bring the JWKS endpoint of the issuer back.',
  },
  PROVIDER_CLOSED: {
    meaning: 'The provider was closed and its keys are erased.',
    advice: 'Open a new one.',
  },
} as const satisfies Record<string, KeyErrorDefinition>;

/** Stable name of an error of keys. */
export type KeyErrorCode = keyof typeof rows;

/** Every code with its meaning; `docs/key-provider.md` prints the same table, and a test holds the two together. */
export const keyErrors: Readonly<Record<KeyErrorCode, KeyErrorDefinition>> = rows;

/** What a {@link KeyError} carries beside its code: which key it is about, never the key. */
export interface KeyErrorOptions {
  readonly kekLine?: string | number | undefined;
  readonly kekVersion?: number | undefined;
  readonly cause?: unknown;
}

/** A refusal or failure of keys or records. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyErrorCode;
  /** Name of the line; its number where only a record is at hand. */
  readonly kekLine: string | number | undefined;
  readonly kekVersion: number | undefined;

  constructor(code: KeyErrorCode, detail: string, { kekLine, kekVersion, cause }: KeyErrorOptions = {}) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.kekLine = kekLine;
    this.kekVersion = kekVersion;
  }
}
