import {
  type Extension,
  extensionId,
  parseAuthorityInfoAccess,
  parseAuthorityKeyIdentifier,
  parseBasicConstraints,
  parseCertificateIssuer,
  parseCertificatePolicies,
  parseCRLDistributionPoints,
  parseCRLNumber,
  parseDeltaCRLIndicator,
  parseExtKeyUsage,
  parseFreshestCRL,
  parseInhibitAnyPolicy,
  parseInvalidityDate,
  parseIssuerAltName,
  parseIssuingDistributionPoint,
  parseKeyUsage,
  parseNameConstraints,
  parseNoRevAvail,
  parseOcspNoCheck,
  parsePolicyConstraints,
  parsePolicyMappings,
  parseReasonCode,
  parseSubjectAltName,
  parseSubjectInfoAccess,
  parseSubjectKeyIdentifier,
  parseTlsFeature,
} from '@vcc-pki/x509';

/** The parser of every extension that the package knows. */
const extensionParsers: Readonly<Record<keyof typeof extensionId, (value: Uint8Array) => unknown>> = {
  authorityInfoAccess: parseAuthorityInfoAccess,
  authorityKeyIdentifier: parseAuthorityKeyIdentifier,
  basicConstraints: parseBasicConstraints,
  certificateIssuer: parseCertificateIssuer,
  certificatePolicies: parseCertificatePolicies,
  cRLDistributionPoints: parseCRLDistributionPoints,
  cRLNumber: parseCRLNumber,
  deltaCRLIndicator: parseDeltaCRLIndicator,
  extKeyUsage: parseExtKeyUsage,
  freshestCRL: parseFreshestCRL,
  inhibitAnyPolicy: parseInhibitAnyPolicy,
  invalidityDate: parseInvalidityDate,
  issuerAltName: parseIssuerAltName,
  issuingDistributionPoint: parseIssuingDistributionPoint,
  keyUsage: parseKeyUsage,
  nameConstraints: parseNameConstraints,
  noRevAvail: parseNoRevAvail,
  ocspNoCheck: parseOcspNoCheck,
  policyConstraints: parsePolicyConstraints,
  policyMappings: parsePolicyMappings,
  reasonCode: parseReasonCode,
  subjectAltName: parseSubjectAltName,
  subjectInfoAccess: parseSubjectInfoAccess,
  subjectKeyIdentifier: parseSubjectKeyIdentifier,
  tlsFeature: parseTlsFeature,
};

const parsersById = new Map(
  Object.entries(extensionId).map(([name, id]) => [id as string, extensionParsers[name as keyof typeof extensionId]]),
);

/** Takes every known extension apart; the first fault is thrown. */
export function parseAllExtensions(extensions: readonly Extension[]): void {
  for (const { id, value } of extensions) parsersById.get(id)?.(value);
}
