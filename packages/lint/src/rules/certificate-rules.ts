import { derMalformed } from '../der-malformed.ts';
import type { Rule } from '../rule.ts';
import type { CertificateView } from '../view/certificate-view.ts';
import { cabBrAkiKeyIdentifierOnly } from './cab-br/aki-key-identifier-only.ts';
import { cabBrCaHasCrlSign } from './cab-br/ca-has-crl-sign.ts';
import { cabBrCommonNameInSan } from './cab-br/common-name-in-san.ts';
import { cabBrCrlSignOnlyInCa } from './cab-br/crl-sign-only-in-ca.ts';
import { cabBrDnsNameNoReservedLabel } from './cab-br/dns-name-no-reserved-label.ts';
import { cabBrDnsNameNoUnderscore } from './cab-br/dns-name-no-underscore.ts';
import { cabBrDnsNameNotIpAddress } from './cab-br/dns-name-not-ip-address.ts';
import { cabBrKeyUsageCritical } from './cab-br/key-usage-critical.ts';
import { cabBrLeafEkuPresent } from './cab-br/leaf-eku-present.ts';
import { cabBrLeafNoAnyEku } from './cab-br/leaf-no-any-eku.ts';
import { cabBrLeafSanPresent } from './cab-br/leaf-san-present.ts';
import { cabBrLeafValidityAtMost398Days } from './cab-br/leaf-validity-at-most-398-days.ts';
import { cabBrNameAttributeOnce } from './cab-br/name-attribute-once.ts';
import { cabBrOcspResponderHasNoCheck } from './cab-br/ocsp-responder-has-no-check.ts';
import { cabBrOcspSigningAlone } from './cab-br/ocsp-signing-alone.ts';
import { cabBrRsaExponent } from './cab-br/rsa-exponent.ts';
import { cabBrRsaModulusAtLeast2048Bits } from './cab-br/rsa-modulus-at-least-2048-bits.ts';
import { cabBrRsaModulusWholeOctets } from './cab-br/rsa-modulus-whole-octets.ts';
import { cabBrSanNamesUnique } from './cab-br/san-names-unique.ts';
import { cabBrSerialAtLeast64Bits } from './cab-br/serial-at-least-64-bits.ts';
import { cabBrSingleValuedRdn } from './cab-br/single-valued-rdn.ts';
import { houseAkiLength } from './house/aki-length.ts';
import { houseCaWithoutSan } from './house/ca-without-san.ts';
import { houseEcCurveAccepted } from './house/ec-curve-accepted.ts';
import { houseKekProfile } from './house/kek-profile.ts';
import { houseKeyAlgorithmAccepted } from './house/key-algorithm-accepted.ts';
import { houseLeafRevocationStatusFindable } from './house/leaf-revocation-status-findable.ts';
import { houseNameWithoutEdgeSpace } from './house/name-without-edge-space.ts';
import { houseNoUnknownCriticalExtension } from './house/no-unknown-critical-extension.ts';
import { houseRsaModulusAtMost4096Bits } from './house/rsa-modulus-at-most-4096-bits.ts';
import { houseSanTypes } from './house/san-types.ts';
import { houseSignatureAlgorithmAccepted } from './house/signature-algorithm-accepted.ts';
import { houseSkiLength } from './house/ski-length.ts';
import { rfc1034DnsNameCharacters } from './rfc1034/dns-name-characters.ts';
import { rfc1034DnsNameHyphens } from './rfc1034/dns-name-hyphens.ts';
import { rfc1034DnsNameLabelLength } from './rfc1034/dns-name-label-length.ts';
import { rfc1034DnsNameLength } from './rfc1034/dns-name-length.ts';
import { rfc1034DnsNameNoTrailingDot } from './rfc1034/dns-name-no-trailing-dot.ts';
import { rfc3279RsaKeyParametersNull } from './rfc3279/rsa-key-parameters-null.ts';
import { rfc4055PssParametersConsistent } from './rfc4055/pss-parameters-consistent.ts';
import { rfc4055RsaSignatureParametersNull } from './rfc4055/rsa-signature-parameters-null.ts';
import { rfc5280AiaNotCritical } from './rfc5280/aia-not-critical.ts';
import { rfc5280AiaNotEmpty } from './rfc5280/aia-not-empty.ts';
import { rfc5280AkiHasKeyIdentifier } from './rfc5280/aki-has-key-identifier.ts';
import { rfc5280AkiNotCritical } from './rfc5280/aki-not-critical.ts';
import { rfc5280AkiPresent } from './rfc5280/aki-present.ts';
import { rfc5280AnyEkuNotCritical } from './rfc5280/any-eku-not-critical.ts';
import { rfc5280CaBasicConstraintsCritical } from './rfc5280/ca-basic-constraints-critical.ts';
import { rfc5280CaHasKeyCertSign } from './rfc5280/ca-has-key-cert-sign.ts';
import { rfc5280CaKeyUsagePresent } from './rfc5280/ca-key-usage-present.ts';
import { rfc5280CaSkiPresent } from './rfc5280/ca-ski-present.ts';
import { rfc5280CaSubjectNotEmpty } from './rfc5280/ca-subject-not-empty.ts';
import { rfc5280CdpNotCritical } from './rfc5280/cdp-not-critical.ts';
import { rfc5280CountryTwoLetters } from './rfc5280/country-two-letters.ts';
import { rfc5280DistributionPointComplete } from './rfc5280/distribution-point-complete.ts';
import { rfc5280DistributionPointsNotEmpty } from './rfc5280/distribution-points-not-empty.ts';
import { rfc5280DnsNameNoSpace } from './rfc5280/dns-name-no-space.ts';
import { rfc5280EkuNotEmpty } from './rfc5280/eku-not-empty.ts';
import { rfc5280EmptySubjectNeedsCriticalSan } from './rfc5280/empty-subject-needs-critical-san.ts';
import { rfc5280EncipherOnlyNeedsKeyAgreement } from './rfc5280/encipher-only-needs-key-agreement.ts';
import { rfc5280ExtensionsNotEmpty } from './rfc5280/extensions-not-empty.ts';
import { rfc5280ExtensionsOnlyInV3 } from './rfc5280/extensions-only-in-v3.ts';
import { rfc5280FreshestCrlNotCritical } from './rfc5280/freshest-crl-not-critical.ts';
import { rfc5280InhibitAnyPolicyCritical } from './rfc5280/inhibit-any-policy-critical.ts';
import { rfc5280IssuerNotEmpty } from './rfc5280/issuer-not-empty.ts';
import { rfc5280KeyCertSignOnlyInCa } from './rfc5280/key-cert-sign-only-in-ca.ts';
import { rfc5280KeyUsageNotEmpty } from './rfc5280/key-usage-not-empty.ts';
import { rfc5280NameConstraintsCritical } from './rfc5280/name-constraints-critical.ts';
import { rfc5280NameConstraintsIpAddressLength } from './rfc5280/name-constraints-ip-address-length.ts';
import { rfc5280NameConstraintsNotEmpty } from './rfc5280/name-constraints-not-empty.ts';
import { rfc5280NameConstraintsWithoutBounds } from './rfc5280/name-constraints-without-bounds.ts';
import { rfc5280NameStringType } from './rfc5280/name-string-type.ts';
import { rfc5280NameUpperBounds } from './rfc5280/name-upper-bounds.ts';
import { rfc5280NameValueNotEmpty } from './rfc5280/name-value-not-empty.ts';
import { rfc5280NoDuplicateExtension } from './rfc5280/no-duplicate-extension.ts';
import { rfc5280NoEmailInSubject } from './rfc5280/no-email-in-subject.ts';
import { rfc5280NoUniqueIdentifiers } from './rfc5280/no-unique-identifiers.ts';
import { rfc5280PathConstraintsOnlyInCa } from './rfc5280/path-constraints-only-in-ca.ts';
import { rfc5280PathLenOnlyInCa } from './rfc5280/path-len-only-in-ca.ts';
import { rfc5280PoliciesNotEmpty } from './rfc5280/policies-not-empty.ts';
import { rfc5280PoliciesUnique } from './rfc5280/policies-unique.ts';
import { rfc5280PolicyConstraintsCritical } from './rfc5280/policy-constraints-critical.ts';
import { rfc5280PolicyConstraintsNotEmpty } from './rfc5280/policy-constraints-not-empty.ts';
import { rfc5280PolicyMappingsWithoutAnyPolicy } from './rfc5280/policy-mappings-without-any-policy.ts';
import { rfc5280PrintableStringCharacters } from './rfc5280/printable-string-characters.ts';
import { rfc5280SanEmailSyntax } from './rfc5280/san-email-syntax.ts';
import { rfc5280SanIpAddressLength } from './rfc5280/san-ip-address-length.ts';
import { rfc5280SanNotCriticalBesideSubject } from './rfc5280/san-not-critical-beside-subject.ts';
import { rfc5280SanNotEmpty } from './rfc5280/san-not-empty.ts';
import { rfc5280SanTextAscii } from './rfc5280/san-text-ascii.ts';
import { rfc5280SanUriAbsolute } from './rfc5280/san-uri-absolute.ts';
import { rfc5280SanUriHost } from './rfc5280/san-uri-host.ts';
import { rfc5280SerialAtMost20Octets } from './rfc5280/serial-at-most-20-octets.ts';
import { rfc5280SerialPositive } from './rfc5280/serial-positive.ts';
import { rfc5280SignatureAlgorithmsEqual } from './rfc5280/signature-algorithms-equal.ts';
import { rfc5280SkiNotCritical } from './rfc5280/ski-not-critical.ts';
import { rfc5280StatusUrlsAbsolute } from './rfc5280/status-urls-absolute.ts';
import { rfc5280StatusUrlsNotHttps } from './rfc5280/status-urls-not-https.ts';
import { rfc5280ValidityInOrder } from './rfc5280/validity-in-order.ts';
import { rfc5280ValidityTimeType } from './rfc5280/validity-time-type.ts';
import { rfc5480EcKeyNamesItsCurve } from './rfc5480/ec-key-names-its-curve.ts';
import { rfc5480EcPointUncompressed } from './rfc5480/ec-point-uncompressed.ts';
import { rfc5758EcdsaSignatureParametersAbsent } from './rfc5758/ecdsa-signature-parameters-absent.ts';
import { rfc8410Ed25519KeyLength } from './rfc8410/ed25519-key-length.ts';
import { rfc8410Ed25519KeyParametersAbsent } from './rfc8410/ed25519-key-parameters-absent.ts';
import { rfc8410Ed25519KeySignsOnly } from './rfc8410/ed25519-key-signs-only.ts';
import { rfc8410Ed25519SignatureParametersAbsent } from './rfc8410/ed25519-signature-parameters-absent.ts';
import { rfc8446LeafSigns } from './rfc8446/leaf-signs.ts';
import { rfc8813EcKeyNeverEnciphers } from './rfc8813/ec-key-never-enciphers.ts';
import { rfc9525WildcardIsLeftMostLabel } from './rfc9525/wildcard-is-left-most-label.ts';
import { rfc9608NoRevAvailExcludesCdp } from './rfc9608/no-rev-avail-excludes-cdp.ts';
import { rfc9608NoRevAvailExcludesFreshestCrl } from './rfc9608/no-rev-avail-excludes-freshest-crl.ts';
import { rfc9608NoRevAvailExcludesOcsp } from './rfc9608/no-rev-avail-excludes-ocsp.ts';
import { rfc9608NoRevAvailNotCritical } from './rfc9608/no-rev-avail-not-critical.ts';
import { rfc9608NoRevAvailOnlyInLeaf } from './rfc9608/no-rev-avail-only-in-leaf.ts';
import { rfc9881MlDsaKeyLength } from './rfc9881/ml-dsa-key-length.ts';
import { rfc9881MlDsaKeyParametersAbsent } from './rfc9881/ml-dsa-key-parameters-absent.ts';
import { rfc9881MlDsaKeySignsOnly } from './rfc9881/ml-dsa-key-signs-only.ts';
import { rfc9881MlDsaSignatureParametersAbsent } from './rfc9881/ml-dsa-signature-parameters-absent.ts';
import { spiffeIdSyntax } from './spiffe/id-syntax.ts';
import { spiffeSvidSingleUri } from './spiffe/svid-single-uri.ts';
import { x690BasicConstraintsDefaultOmitted } from './x690/basic-constraints-default-omitted.ts';
import { x690CriticalDefaultOmitted } from './x690/critical-default-omitted.ts';
import { x690KeyUsageMinimal } from './x690/key-usage-minimal.ts';
import { x690RdnSorted } from './x690/rdn-sorted.ts';
import { x690VersionDefaultOmitted } from './x690/version-default-omitted.ts';

/** Rules for certificates; whether one applies to a leaf, to a CA or to both, it says itself. */
export const certificateRules: readonly Rule<CertificateView>[] = [
  derMalformed,
  rfc5280ExtensionsOnlyInV3,
  rfc5280SerialPositive,
  rfc5280SerialAtMost20Octets,
  rfc5280SignatureAlgorithmsEqual,
  rfc5280ValidityInOrder,
  rfc5280ValidityTimeType,
  rfc5280IssuerNotEmpty,
  rfc5280CaSubjectNotEmpty,
  rfc5280EmptySubjectNeedsCriticalSan,
  rfc5280SanNotCriticalBesideSubject,
  rfc5280NameStringType,
  rfc5280CountryTwoLetters,
  rfc5280NameUpperBounds,
  rfc5280NameValueNotEmpty,
  rfc5280PrintableStringCharacters,
  rfc5280NoEmailInSubject,
  rfc5280NoUniqueIdentifiers,
  rfc5280ExtensionsNotEmpty,
  rfc5280NoDuplicateExtension,
  rfc5280AkiPresent,
  rfc5280AkiHasKeyIdentifier,
  rfc5280AkiNotCritical,
  rfc5280CaSkiPresent,
  rfc5280SkiNotCritical,
  rfc5280CaKeyUsagePresent,
  rfc5280KeyUsageNotEmpty,
  rfc5280KeyCertSignOnlyInCa,
  rfc5280CaHasKeyCertSign,
  rfc5280EncipherOnlyNeedsKeyAgreement,
  rfc5280CaBasicConstraintsCritical,
  rfc5280PathLenOnlyInCa,
  rfc5280EkuNotEmpty,
  rfc5280AnyEkuNotCritical,
  rfc5280SanNotEmpty,
  rfc5280SanTextAscii,
  rfc5280DnsNameNoSpace,
  rfc5280SanIpAddressLength,
  rfc5280SanEmailSyntax,
  rfc5280SanUriAbsolute,
  rfc5280SanUriHost,
  rfc5280CdpNotCritical,
  rfc5280DistributionPointsNotEmpty,
  rfc5280DistributionPointComplete,
  rfc5280FreshestCrlNotCritical,
  rfc5280AiaNotCritical,
  rfc5280AiaNotEmpty,
  rfc5280StatusUrlsNotHttps,
  rfc5280StatusUrlsAbsolute,
  rfc5280PoliciesNotEmpty,
  rfc5280PoliciesUnique,
  rfc5280PolicyMappingsWithoutAnyPolicy,
  rfc5280PolicyConstraintsCritical,
  rfc5280PolicyConstraintsNotEmpty,
  rfc5280InhibitAnyPolicyCritical,
  rfc5280PathConstraintsOnlyInCa,
  rfc5280NameConstraintsCritical,
  rfc5280NameConstraintsNotEmpty,
  rfc5280NameConstraintsWithoutBounds,
  rfc5280NameConstraintsIpAddressLength,
  rfc4055RsaSignatureParametersNull,
  rfc4055PssParametersConsistent,
  rfc5758EcdsaSignatureParametersAbsent,
  rfc8410Ed25519SignatureParametersAbsent,
  rfc8410Ed25519KeyParametersAbsent,
  rfc8410Ed25519KeyLength,
  rfc8410Ed25519KeySignsOnly,
  rfc9881MlDsaSignatureParametersAbsent,
  rfc9881MlDsaKeyParametersAbsent,
  rfc9881MlDsaKeyLength,
  rfc9881MlDsaKeySignsOnly,
  rfc3279RsaKeyParametersNull,
  rfc5480EcKeyNamesItsCurve,
  rfc5480EcPointUncompressed,
  rfc8813EcKeyNeverEnciphers,
  rfc9608NoRevAvailNotCritical,
  rfc9608NoRevAvailOnlyInLeaf,
  rfc9608NoRevAvailExcludesCdp,
  rfc9608NoRevAvailExcludesFreshestCrl,
  rfc9608NoRevAvailExcludesOcsp,
  rfc1034DnsNameCharacters,
  rfc1034DnsNameLabelLength,
  rfc1034DnsNameLength,
  rfc1034DnsNameHyphens,
  rfc1034DnsNameNoTrailingDot,
  rfc9525WildcardIsLeftMostLabel,
  cabBrSerialAtLeast64Bits,
  cabBrLeafValidityAtMost398Days,
  cabBrLeafSanPresent,
  cabBrCommonNameInSan,
  cabBrLeafEkuPresent,
  cabBrLeafNoAnyEku,
  cabBrOcspSigningAlone,
  cabBrOcspResponderHasNoCheck,
  cabBrSanNamesUnique,
  cabBrDnsNameNoUnderscore,
  cabBrDnsNameNotIpAddress,
  cabBrDnsNameNoReservedLabel,
  cabBrAkiKeyIdentifierOnly,
  cabBrSingleValuedRdn,
  cabBrNameAttributeOnce,
  cabBrKeyUsageCritical,
  cabBrCaHasCrlSign,
  cabBrCrlSignOnlyInCa,
  cabBrRsaModulusAtLeast2048Bits,
  cabBrRsaModulusWholeOctets,
  cabBrRsaExponent,
  x690CriticalDefaultOmitted,
  x690BasicConstraintsDefaultOmitted,
  x690VersionDefaultOmitted,
  x690KeyUsageMinimal,
  x690RdnSorted,
  spiffeSvidSingleUri,
  spiffeIdSyntax,
  rfc8446LeafSigns,
  houseNoUnknownCriticalExtension,
  houseKekProfile,
  houseKeyAlgorithmAccepted,
  houseSignatureAlgorithmAccepted,
  houseEcCurveAccepted,
  houseRsaModulusAtMost4096Bits,
  houseCaWithoutSan,
  houseSanTypes,
  houseAkiLength,
  houseSkiLength,
  houseLeafRevocationStatusFindable,
  houseNameWithoutEdgeSpace,
];
