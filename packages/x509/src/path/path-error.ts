import { DerError } from '@vcc-pki/asn1';
import type { RevocationReason } from '../extensions/reason-code.ts';

import { X509Error } from '../x509-error.ts';

interface Row {
  /** How much the reader learns from it: of the faults of several candidate paths, the one with the highest rank is reported. */
  readonly rank: number;
  /** Where the broken rule stands. */
  readonly section: string;
}

/**
 * Every reason why a path is refused, in the manner of rustls-webpki's ranks. What a certificate at hand has against
 * itself says least, because it may have no part in the matter; a fault of a path whose signatures all hold says most.
 */
const rows = {
  /** No certificate at hand leads from here to a trust anchor. */
  unknownIssuer: { rank: 0, section: 'RFC 5280 s6.1' },
  tooManyIntermediates: { rank: 10, section: 'RFC 5280 s6.1' },
  malformedCertificate: { rank: 20, section: 'RFC 5280 s4.1' },
  /** Fields that contradict each other or stand where they must not. */
  profileViolation: { rank: 30, section: 'RFC 5280 s4' },
  unsupportedCriticalExtension: { rank: 35, section: 'RFC 5280 s4.2' },
  /** The signature algorithm is unknown or too weak. */
  algorithmNotAllowed: { rank: 40, section: 'RFC 5280 s6.1.3(a)(1)' },
  /** The key is of an unknown kind or too small. */
  keyNotAllowed: { rank: 45, section: 'RFC 5280 s4.1.2.7' },
  notACertificationAuthority: { rank: 50, section: 'RFC 5280 s6.1.4(k)' },
  keyUsageNotAllowed: { rank: 55, section: 'RFC 5280 s6.1.4(n)' },
  badSignature: { rank: 60, section: 'RFC 5280 s6.1.3(a)(1)' },
  purposeNotAllowed: { rank: 65, section: 'RFC 5280 s4.2.1.12' },
  notYetValid: { rank: 70, section: 'RFC 5280 s6.1.3(a)(2)' },
  expired: { rank: 70, section: 'RFC 5280 s6.1.3(a)(2)' },
  pathLengthExceeded: { rank: 80, section: 'RFC 5280 s6.1.4(l)' },
  nameNotPermitted: { rank: 85, section: 'RFC 5280 s6.1.3(b) and (c)' },
  policyNotAcceptable: { rank: 90, section: 'RFC 5280 s6.1.5(g), RFC 9618 s5' },
  revocationUndetermined: { rank: 100, section: 'RFC 5280 s6.3.3' },
  revoked: { rank: 105, section: 'RFC 5280 s6.1.3(a)(3)' },
  serverNameMismatch: { rank: 110, section: 'RFC 9525 s6' },
  /** The search used up one of its limits: whether a path exists is not known. Ends the search at once. */
  limitExceeded: { rank: 1000, section: 'RFC 5280 s6' },
} as const satisfies Record<string, Row>;

/** Why a certification path is refused; stable, for `switch`. */
export type PathErrorCode = keyof typeof rows;

/** Every code, for tables that must be complete. */
export const pathErrorCodes = Object.keys(rows) as PathErrorCode[];

/** When and why a certificate was revoked. */
export interface Revocation {
  /** Milliseconds since the epoch. */
  readonly revokedAt: number;
  readonly reason: RevocationReason;
}

/** A certification path that is refused. Never thrown for programmer misuse. */
export class PathError extends Error {
  override readonly name = 'PathError';
  readonly code: PathErrorCode;
  /** Which certificate of the path is at fault: 0 is the end entity, counting towards the trust anchor. */
  readonly index: number;
  /** With `revoked`. */
  readonly revocation?: Revocation;

  constructor(
    code: PathErrorCode,
    index: number,
    message: string,
    options?: ErrorOptions & { revocation?: Revocation },
  ) {
    super(message, options);
    this.code = code;
    this.index = index;
    if (options?.revocation) this.revocation = options.revocation;
  }

  /** Where the broken rule stands, for example `RFC 5280 s6.1.4(k)`. */
  get section(): string {
    return rows[this.code].section;
  }
}

/** The fault that tells more; of equals the one found first. */
export function mostSpecific(first: PathError | undefined, second: PathError): PathError {
  return first === undefined || rows[second.code].rank > rows[first.code].rank ? second : first;
}

/** The error as it is when it is a PathError; what parsers throw becomes `malformedCertificate`. Anything else is thrown on. */
export function toPathError(error: unknown, index: number): PathError {
  if (error instanceof PathError) return error;
  if (error instanceof DerError || error instanceof X509Error) {
    return new PathError('malformedCertificate', index, error.message, { cause: error });
  }
  throw error;
}
