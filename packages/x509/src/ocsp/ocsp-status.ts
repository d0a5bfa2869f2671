import { DerError, type DerReader, decodeGeneralizedTime, Tag } from '@vcc-pki/asn1';
import type { RevocationReason } from '../extensions/reason-code.ts';

/** What a responder says about a certificate (RFC 6960 s4.2.1); `revokedAt` in milliseconds since the epoch. */
export type OcspCertStatus =
  | { readonly type: 'good' }
  | { readonly type: 'unknown' }
  | { readonly type: 'revoked'; readonly revokedAt: number; readonly reason?: RevocationReason };

/** Codes of responses that carry no answer (RFC 6960 s4.2.1); 4 is not used. */
export const ocspErrorStatuses = {
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;

/** Why a responder gives no answer. */
export type OcspErrorStatus = keyof typeof ocspErrorStatuses;

const byCode = new Map<number, OcspErrorStatus>(
  Object.entries(ocspErrorStatuses).map(([name, code]) => [code, name as OcspErrorStatus]),
);

/** Reads the responseStatus. @throws {@link DerError} */
export function readResponseStatus(reader: DerReader): 'successful' | OcspErrorStatus {
  const offset = reader.offset;
  const code = reader.readSmallInteger(0, 6, Tag.enumerated);
  const status = code === 0 ? 'successful' : byCode.get(code);
  if (status === undefined) throw new DerError('invalidValue', `the response status ${code} is not used`, offset);
  return status;
}

/** Reads a GeneralizedTime, the only type of time that OCSP has, in milliseconds since the epoch. @throws {@link DerError} */
export function readGeneralizedTime(reader: DerReader): number {
  const { content, offset } = reader.readElement(Tag.generalizedTime);
  return decodeGeneralizedTime(content, offset);
}
