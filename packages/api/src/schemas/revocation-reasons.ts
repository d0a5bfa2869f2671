import { type Static, Type } from 'typebox';

/** CRLReason names (RFC 5280 s5.3.1) that an entry of ours can have: all but the two that belong to a hold. */
export const RevocationReason = Type.Enum(
  [
    'unspecified',
    'keyCompromise',
    'cACompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'privilegeWithdrawn',
    'aACompromise',
  ],
  { type: 'string', description: 'CRLReason by its RFC 5280 name.' },
);
export type RevocationReason = Static<typeof RevocationReason>;

/** Every word a caller may use, with the CRLReason it means: five of the mission text, the others RFC 5280's for a leaf. */
const reasonByWord = {
  key_compromise: 'keyCompromise',
  service_decommissioned: 'cessationOfOperation',
  certificate_superseded: 'superseded',
  privilege_change: 'privilegeWithdrawn',
  security_policy_violation: 'privilegeWithdrawn',
  unspecified: 'unspecified',
  keyCompromise: 'keyCompromise',
  affiliationChanged: 'affiliationChanged',
  superseded: 'superseded',
  cessationOfOperation: 'cessationOfOperation',
  privilegeWithdrawn: 'privilegeWithdrawn',
} as const satisfies Readonly<Record<string, RevocationReason>>;

export type RevocationReasonWord = keyof typeof reasonByWord;

export const revocationReasonWords = Object.keys(reasonByWord) as [RevocationReasonWord, ...RevocationReasonWord[]];

export const RevocationReasonWord = Type.Enum(revocationReasonWords, {
  type: 'string',
  description: 'Why: an RFC 5280 name, or one of the five words that map to one. A hold is refused.',
});

/** The CRLReason that a caller's word means. */
export function revocationReasonOf(word: RevocationReasonWord): RevocationReason {
  return reasonByWord[word];
}
