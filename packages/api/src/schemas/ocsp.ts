import { type Static, Type } from 'typebox';
import { IssuerId } from './fields.ts';

export const OcspParams = Type.Object(
  {
    issuer: IssuerId,
    /** Longest: 8 KiB in base64, each character percent-encoded. */
    request: Type.String({
      description: 'OCSPRequest (RFC 6960 s4.1) in base64, percent-encoded or raw.',
      maxLength: 32_768,
    }),
  },
  { additionalProperties: false },
);
export type OcspParams = Static<typeof OcspParams>;
