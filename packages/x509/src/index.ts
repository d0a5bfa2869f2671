/**
 * Certificates, requests and revocation lists (RFC 5280, RFC 2986): {@link parseCertificate} takes one apart,
 * {@link buildTbsCertificate} puts one together up to its signature, which another package makes, and
 * {@link verifyCertificationPath} decides whether one can be trusted.
 * Parsing is strict DER and keeps the octets it was given; nothing is re-encoded, fetched, or read from a clock.
 *
 * @module
 */

export { type AlgorithmIdentifier, encodeAlgorithmIdentifier } from './algorithm-identifier.ts';
export type { AttributeTypeName } from './attribute-types.ts';
export {
  buildCertificationRequestInfo,
  type CertificationRequestInfoInput,
} from './build-certification-request-info.ts';
export {
  buildTbsCertList,
  encodeRevokedEntry,
  type RevokedEntryInput,
  type TbsCertListInput,
} from './build-tbs-cert-list.ts';
export { buildTbsCertificate, type TbsCertificate, type TbsCertificateInput } from './build-tbs-certificate.ts';
export { type CertListFrame, type CertListLayout, layOutCertList } from './cert-list-layout.ts';
export { assembleCertificate, type Certificate, parseCertificate, type Validity } from './certificate.ts';
export { type CertificateRevocationList, parseCertificateList, type RevokedEntry } from './certificate-list.ts';
export {
  type CertificateRequest,
  type CertificateRequestAttribute,
  parseCertificateRequest,
  verifyCertificateRequest,
} from './certificate-request.ts';
export { encodeCertsOnlyCms, parseCertsOnlyCms } from './certs-only-cms.ts';
export { checkPublicKey } from './check-public-key.ts';
export { constantExtension, decodeExtension, type Extension, findExtension } from './extension.ts';
export { extensionId } from './extension-id.ts';
export {
  type AccessDescription,
  accessMethod,
  encodeAuthorityInfoAccess,
  parseAuthorityInfoAccess,
} from './extensions/authority-info-access.ts';
export {
  type AuthorityKeyIdentifier,
  encodeAuthorityKeyIdentifier,
  parseAuthorityKeyIdentifier,
} from './extensions/authority-key-identifier.ts';
export {
  type BasicConstraints,
  encodeBasicConstraints,
  parseBasicConstraints,
} from './extensions/basic-constraints.ts';
export { encodeCertificateIssuer, parseCertificateIssuer } from './extensions/certificate-issuer.ts';
export {
  anyPolicy,
  encodeCertificatePolicies,
  type PolicyInformation,
  type PolicyQualifierInfo,
  parseCertificatePolicies,
} from './extensions/certificate-policies.ts';
export {
  type DistributionPoint,
  encodeCRLDistributionPoints,
  parseCRLDistributionPoints,
} from './extensions/crl-distribution-points.ts';
export { encodeCRLNumber, parseCRLNumber } from './extensions/crl-number.ts';
export { encodeDeltaCRLIndicator, parseDeltaCRLIndicator } from './extensions/delta-crl-indicator.ts';
export type { DistributionPointName, ReasonFlag } from './extensions/distribution-point-name.ts';
export { encodeExtKeyUsage, keyPurposeId, parseExtKeyUsage } from './extensions/ext-key-usage.ts';
export { encodeFreshestCRL, parseFreshestCRL } from './extensions/freshest-crl.ts';
export { encodeInhibitAnyPolicy, parseInhibitAnyPolicy } from './extensions/inhibit-any-policy.ts';
export { encodeInvalidityDate, parseInvalidityDate } from './extensions/invalidity-date.ts';
export { encodeIssuerAltName, parseIssuerAltName } from './extensions/issuer-alt-name.ts';
export {
  encodeIssuingDistributionPoint,
  type IssuingDistributionPoint,
  parseIssuingDistributionPoint,
} from './extensions/issuing-distribution-point.ts';
export { encodeKeyUsage, type KeyUsage, parseKeyUsage } from './extensions/key-usage.ts';
export { encodeNameConstraints, type NameConstraints, parseNameConstraints } from './extensions/name-constraints.ts';
export { encodeNoRevAvail, parseNoRevAvail } from './extensions/no-rev-avail.ts';
export { encodeOcspNoCheck, parseOcspNoCheck } from './extensions/ocsp-no-check.ts';
export {
  encodePolicyConstraints,
  type PolicyConstraints,
  parsePolicyConstraints,
} from './extensions/policy-constraints.ts';
export { encodePolicyMappings, type PolicyMapping, parsePolicyMappings } from './extensions/policy-mappings.ts';
export {
  encodeReasonCode,
  parseReasonCode,
  type RevocationReason,
  revocationReasons,
} from './extensions/reason-code.ts';
export { encodeSubjectAltName, parseSubjectAltName } from './extensions/subject-alt-name.ts';
export { encodeSubjectInfoAccess, parseSubjectInfoAccess } from './extensions/subject-info-access.ts';
export { encodeSubjectKeyIdentifier, parseSubjectKeyIdentifier } from './extensions/subject-key-identifier.ts';
export { encodeTlsFeature, parseTlsFeature, statusRequest } from './extensions/tls-feature.ts';
export { encodeGeneralName, type GeneralName, parseGeneralName } from './general-name.ts';
export { ipAddressFromText, ipAddressToText, ipNetworkFromText, ipNetworkToText } from './ip-address.ts';
export { keyIdentifier } from './key-identifier.ts';
export {
  type AttributeInput,
  type AttributeTypeAndValue,
  commonName,
  encodeName,
  type Name,
  parseName,
  type RelativeDistinguishedName,
} from './name.ts';
export { formatName } from './name-text.ts';
export {
  buildTbsResponseData,
  encodeOcspErrorResponse,
  encodeOcspResponse,
  type OcspSingleResponseInput,
  responderKeyHash,
  type SignedOcspResponse,
  type TbsResponseDataInput,
} from './ocsp/build-ocsp-response.ts';
export {
  type CertId,
  type CertIdHash,
  encodeCertId,
  hashIssuer,
  type IssuerHashes,
  isIssuedBy,
} from './ocsp/cert-id.ts';
export { encodeOcspNonce, ocspExtensionId, parseOcspNonce } from './ocsp/nonce.ts';
export {
  encodeOcspRequest,
  type OcspRequest,
  type OcspSingleRequest,
  parseOcspRequest,
} from './ocsp/ocsp-request.ts';
export {
  type BasicOcspResponse,
  type OcspResponse,
  type OcspSingleResponse,
  parseOcspResponse,
  type ResponderId,
} from './ocsp/ocsp-response.ts';
export { type OcspCertStatus, type OcspErrorStatus, ocspErrorStatuses } from './ocsp/ocsp-status.ts';
export type { AlgorithmPolicy } from './path/algorithms.ts';
export type { Conformance } from './path/check-profile.ts';
export { defaultLimits, type PathLimits } from './path/limits.ts';
export { PathError, type PathErrorCode, pathErrorCodes, type Revocation } from './path/path-error.ts';
export type { CertificationPathRequest } from './path/path-request.ts';
export type { PolicyInput } from './path/policy/policy-state.ts';
export { kekKeyPurposeId, type PathPurpose, pathPurposes } from './path/purpose.ts';
export type { RevocationMode } from './path/revocation/revocation-context.ts';
export type { RevocationEvidence, RevocationSource, VerifiedPath } from './path/verified-path.ts';
export { verifyCertificationPath } from './path/verify-certification-path.ts';
export { describePublicKey, type EcCurve, type PublicKeyDescription } from './public-key-description.ts';
export {
  buildTbsRevocationSnapshot,
  encodeRevocationSnapshot,
  type RevocationSnapshotContent,
  revocationSnapshotOid,
  type SignedRevocationSnapshot,
  type SnapshotKind,
} from './revocation-snapshot/build-revocation-snapshot.ts';
export {
  type ParsedRevocationSnapshot,
  parseRevocationSnapshot,
} from './revocation-snapshot/parse-revocation-snapshot.ts';
export { RevocationSnapshot } from './revocation-snapshot/revocation-snapshot.ts';
export {
  entryOctets,
  mergeEntries,
  snapshotEntry,
  snapshotEntryFromHex,
  sortEntries,
} from './revocation-snapshot/snapshot-entries.ts';
export { RevocationSnapshotError, type RevocationSnapshotErrorCode } from './revocation-snapshot/snapshot-error.ts';
export {
  type SnapshotVerification,
  type VerifiedRevocationSnapshot,
  verifyRevocationSnapshot,
} from './revocation-snapshot/verify-revocation-snapshot.ts';
export {
  type SerialNumber,
  serialFromDecimal,
  serialFromHex,
  serialFromOctets,
  serialToDecimal,
  serialToHex,
} from './serial-number.ts';
export {
  isSignatureAlgorithmName,
  type SignatureAlgorithm,
  type SignatureAlgorithmName,
  signatureAlgorithm,
  signatureAlgorithmForKey,
  signatureAlgorithmOf,
} from './signature-algorithms.ts';
export { encodeSignatureAlgorithm, encodeSigned } from './signed.ts';
export { parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './subject-public-key-info.ts';
export { isLarge, updateInSlices } from './update-in-slices.ts';
export { type SignatureToVerify, signingInput, verifySignature } from './verify-signature.ts';
export { X509Error, type X509ErrorCode } from './x509-error.ts';
