import { type Oid, toHex } from '@vcc-pki/asn1';
import {
  extensionId,
  ocspExtensionId,
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
  parseOcspNonce,
  parsePolicyConstraints,
  parsePolicyMappings,
  parseReasonCode,
  parseSubjectAltName,
  parseSubjectInfoAccess,
  parseSubjectKeyIdentifier,
  parseTlsFeature,
} from '@vcc-pki/x509';
import { toTimestamp } from '../time-text.ts';
import {
  accessLines,
  authorityKeyLines,
  basicConstraintsLines,
  distributionPointLines,
  keyUsageLines,
  nameConstraintsLines,
  policyConstraintsLines,
  policyLines,
  policyMappingLines,
  scopeLines,
  tlsFeatureLines,
} from './extension-lines.ts';
import { generalNameText } from './general-name-text.ts';
import { purposeText } from './oid-names.ts';

/** An extension's value taken apart, and the same in words, a line for each part. */
interface Decoded {
  readonly value: unknown;
  readonly lines: readonly string[];
}

type Decoder = (value: Uint8Array) => Decoded;

function decoder<Value>(parse: (value: Uint8Array) => Value, words: (value: Value) => readonly string[]): Decoder {
  return (octets) => {
    const value = parse(octets);
    return { value, lines: words(value) };
  };
}

const numberLine = (value: bigint): readonly string[] => [String(value)];

const decoders: ReadonlyMap<Oid, Decoder> = new Map<Oid, Decoder>([
  [extensionId.subjectKeyIdentifier, decoder(parseSubjectKeyIdentifier, (key) => [toHex(key)])],
  [extensionId.keyUsage, decoder(parseKeyUsage, keyUsageLines)],
  [extensionId.subjectAltName, decoder(parseSubjectAltName, (names) => names.map(generalNameText))],
  [extensionId.issuerAltName, decoder(parseIssuerAltName, (names) => names.map(generalNameText))],
  [extensionId.basicConstraints, decoder(parseBasicConstraints, basicConstraintsLines)],
  [extensionId.nameConstraints, decoder(parseNameConstraints, nameConstraintsLines)],
  [extensionId.cRLDistributionPoints, decoder(parseCRLDistributionPoints, distributionPointLines)],
  [extensionId.freshestCRL, decoder(parseFreshestCRL, distributionPointLines)],
  [extensionId.certificatePolicies, decoder(parseCertificatePolicies, policyLines)],
  [extensionId.policyMappings, decoder(parsePolicyMappings, policyMappingLines)],
  [extensionId.policyConstraints, decoder(parsePolicyConstraints, policyConstraintsLines)],
  [
    extensionId.inhibitAnyPolicy,
    decoder(parseInhibitAnyPolicy, (count) => [`"any policy" no longer counts after ${count} more CAs`]),
  ],
  [extensionId.authorityKeyIdentifier, decoder(parseAuthorityKeyIdentifier, authorityKeyLines)],
  [extensionId.extKeyUsage, decoder(parseExtKeyUsage, (purposes) => purposes.map(purposeText))],
  [extensionId.authorityInfoAccess, decoder(parseAuthorityInfoAccess, accessLines)],
  [extensionId.subjectInfoAccess, decoder(parseSubjectInfoAccess, accessLines)],
  [extensionId.noRevAvail, decoder(parseNoRevAvail, () => ['nothing will ever be published about its revocation'])],
  [extensionId.tlsFeature, decoder(parseTlsFeature, tlsFeatureLines)],
  [
    extensionId.ocspNoCheck,
    decoder(parseOcspNoCheck, () => ['the revocation of this OCSP responder is not looked up']),
  ],
  [extensionId.cRLNumber, decoder(parseCRLNumber, numberLine)],
  [extensionId.deltaCRLIndicator, decoder(parseDeltaCRLIndicator, (base) => [`changes since the CRL number ${base}`])],
  [extensionId.issuingDistributionPoint, decoder(parseIssuingDistributionPoint, scopeLines)],
  [extensionId.reasonCode, decoder(parseReasonCode, (reason) => [reason])],
  [extensionId.invalidityDate, decoder(invalidityTimestamp, (timestamp) => [`invalid since ${timestamp}`])],
  [extensionId.certificateIssuer, decoder(parseCertificateIssuer, (names) => names.map(generalNameText))],
  [ocspExtensionId.nonce, decoder(parseOcspNonce, (nonce) => [toHex(nonce)])],
]);

/** Takes the value of an extension apart; `undefined` for one that is not known here. @throws {@link DerError} */
export function decodeInWords(id: Oid, value: Uint8Array): Decoded | undefined {
  return decoders.get(id)?.(value);
}

function invalidityTimestamp(value: Uint8Array): string {
  return toTimestamp(parseInvalidityDate(value));
}
