import { type Der, DerError, encodeEnumerated, Tag } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** Codes of the reasons for a revocation (RFC 5280 s5.3.1); 7 is not used. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

/** Why a certificate was revoked. */
export type RevocationReason = keyof typeof revocationReasons;

const byCode = new Map<number, RevocationReason>(
  Object.entries(revocationReasons).map(([name, code]) => [code, name as RevocationReason]),
);

/** @throws {@link DerError} */
export function parseReasonCode(value: Uint8Array): RevocationReason {
  const code = readWhole(value, (reader) => reader.readSmallInteger(0, 10, Tag.enumerated));
  const reason = byCode.get(code);
  if (reason === undefined) throw new DerError('invalidValue', `the reason code ${code} is not used`, 0);
  return reason;
}

export function encodeReasonCode(reason: RevocationReason): Der {
  return encodeEnumerated(revocationReasons[reason]);
}
