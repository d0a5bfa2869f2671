import {
  contextConstructed,
  type Der,
  DerError,
  DerReader,
  encodeExplicit,
  encodeImplicitConstructed,
} from '@vcc-pki/asn1';
import { encodeGeneralName, type GeneralName, readGeneralNames } from '../general-name.ts';
import { type RelativeDistinguishedName, readRdn } from '../name.ts';

/** Where a CRL is, as cRLDistributionPoints and issuingDistributionPoint say it (RFC 5280 s4.2.1.13). */
export type DistributionPointName =
  | { readonly type: 'fullName'; readonly names: readonly GeneralName[] }
  /** To be appended to the name of the CRL's issuer. */
  | { readonly type: 'nameRelativeToCRLIssuer'; readonly rdn: RelativeDistinguishedName };

/** The bits of ReasonFlags in order (RFC 5280 s4.2.1.13). */
export const reasonFlags = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

/** One reason that a partial CRL covers. */
export type ReasonFlag = (typeof reasonFlags)[number];

/** Reads the optional `[0] DistributionPointName`. @throws {@link DerError} */
export function readDistributionPointName(outer: DerReader): DistributionPointName | undefined {
  const explicit = outer.readOptional(contextConstructed(0));
  if (explicit === undefined) return undefined;
  const reader = new DerReader(explicit.content, explicit.offset);
  const element = reader.readElement();
  reader.end();
  if (element.tag === contextConstructed(0)) {
    return { type: 'fullName', names: readGeneralNames(new DerReader(element.content, element.offset)) };
  }
  if (element.tag === contextConstructed(1)) return { type: 'nameRelativeToCRLIssuer', rdn: readRdn(element) };
  throw new DerError('unexpectedTag', 'not a DistributionPointName', element.offset);
}

/** Encodes the `[0] DistributionPointName`. */
export function encodeDistributionPointName(name: DistributionPointName): Der {
  const choice =
    name.type === 'fullName'
      ? encodeImplicitConstructed(0, ...name.names.map(encodeGeneralName))
      : encodeImplicitConstructed(1, ...name.rdn.map(({ der }) => der));
  return encodeExplicit(0, choice);
}
