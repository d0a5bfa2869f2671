import type { ExtensionType } from './extension.ts';
import { authorityInfoAccess } from './extensions/authority-info-access.ts';
import { basicConstraints } from './extensions/basic-constraints.ts';
import { crlNumber, deltaCrlIndicator } from './extensions/crl-number.ts';
import { crlDistributionPoints, freshestCrl } from './extensions/distribution-points.ts';
import { certificateIssuer, invalidityDate, reasonCode } from './extensions/entry-extensions.ts';
import { extendedKeyUsage } from './extensions/extended-key-usage.ts';
import { issuingDistributionPoint } from './extensions/issuing-distribution-point.ts';
import { authorityKeyIdentifier, subjectKeyIdentifier } from './extensions/key-identifiers.ts';
import { keyUsage } from './extensions/key-usage.ts';
import { nameConstraints } from './extensions/name-constraints.ts';
import { noRevAvail, ocspNoCheck } from './extensions/null-extensions.ts';
import { certificatePolicies, inhibitAnyPolicy, policyConstraints, policyMappings } from './extensions/policies.ts';
import { subjectAltName } from './extensions/subject-alt-name.ts';

/** Every extension that the rules can decode, of certificates, CRLs and CRL entries, by object identifier. */
export const knownExtensions: ReadonlyMap<string, ExtensionType<unknown>> = new Map(
  [
    authorityInfoAccess,
    authorityKeyIdentifier,
    basicConstraints,
    certificateIssuer,
    certificatePolicies,
    crlDistributionPoints,
    crlNumber,
    deltaCrlIndicator,
    extendedKeyUsage,
    freshestCrl,
    inhibitAnyPolicy,
    invalidityDate,
    issuingDistributionPoint,
    keyUsage,
    nameConstraints,
    noRevAvail,
    ocspNoCheck,
    policyConstraints,
    policyMappings,
    reasonCode,
    subjectAltName,
    subjectKeyIdentifier,
  ].map((type): [string, ExtensionType<unknown>] => [type.oid, type]),
);
