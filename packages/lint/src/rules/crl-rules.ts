import { derMalformed } from '../der-malformed.ts';
import type { Rule } from '../rule.ts';
import type { CrlView } from '../view/crl-view.ts';
import { cabBrAkiKeyIdentifierOnly } from './cab-br/aki-key-identifier-only.ts';
import { cabBrCrlLifeAtMost12Months } from './cab-br/crl-life-at-most-12-months.ts';
import { cabBrCrlWholeScope } from './cab-br/crl-whole-scope.ts';
import { cabBrNameAttributeOnce } from './cab-br/name-attribute-once.ts';
import { cabBrSingleValuedRdn } from './cab-br/single-valued-rdn.ts';
import { houseAkiLength } from './house/aki-length.ts';
import { houseNameWithoutEdgeSpace } from './house/name-without-edge-space.ts';
import { houseNoUnknownCriticalExtension } from './house/no-unknown-critical-extension.ts';
import { houseSignatureAlgorithmAccepted } from './house/signature-algorithm-accepted.ts';
import { rfc4055PssParametersConsistent } from './rfc4055/pss-parameters-consistent.ts';
import { rfc4055RsaSignatureParametersNull } from './rfc4055/rsa-signature-parameters-null.ts';
import { rfc5280AiaNotCritical } from './rfc5280/aia-not-critical.ts';
import { rfc5280AiaNotEmpty } from './rfc5280/aia-not-empty.ts';
import { rfc5280AkiHasKeyIdentifier } from './rfc5280/aki-has-key-identifier.ts';
import { rfc5280AkiNotCritical } from './rfc5280/aki-not-critical.ts';
import { rfc5280CountryTwoLetters } from './rfc5280/country-two-letters.ts';
import { rfc5280CrlAkiPresent } from './rfc5280/crl-aki-present.ts';
import { rfc5280CrlEntrySerialsUnique } from './rfc5280/crl-entry-serials-unique.ts';
import { rfc5280CrlNextUpdateAfterThisUpdate } from './rfc5280/crl-next-update-after-this-update.ts';
import { rfc5280CrlNextUpdatePresent } from './rfc5280/crl-next-update-present.ts';
import { rfc5280CrlNumberAtMost20Octets } from './rfc5280/crl-number-at-most-20-octets.ts';
import { rfc5280CrlNumberNotCritical } from './rfc5280/crl-number-not-critical.ts';
import { rfc5280CrlNumberNotNegative } from './rfc5280/crl-number-not-negative.ts';
import { rfc5280CrlNumberPresent } from './rfc5280/crl-number-present.ts';
import { rfc5280CrlRevokedCertificatesNotEmpty } from './rfc5280/crl-revoked-certificates-not-empty.ts';
import { rfc5280CrlTimeType } from './rfc5280/crl-time-type.ts';
import { rfc5280CrlVersionV2 } from './rfc5280/crl-version-v2.ts';
import { rfc5280DeltaBaseBeforeNumber } from './rfc5280/delta-base-before-number.ts';
import { rfc5280DeltaCrlIndicatorCritical } from './rfc5280/delta-crl-indicator-critical.ts';
import { rfc5280DeltaCrlWithoutFreshestCrl } from './rfc5280/delta-crl-without-freshest-crl.ts';
import { rfc5280DistributionPointComplete } from './rfc5280/distribution-point-complete.ts';
import { rfc5280DistributionPointsNotEmpty } from './rfc5280/distribution-points-not-empty.ts';
import { rfc5280ExtensionsNotEmpty } from './rfc5280/extensions-not-empty.ts';
import { rfc5280FreshestCrlNotCritical } from './rfc5280/freshest-crl-not-critical.ts';
import { rfc5280IdpAtMostOneScope } from './rfc5280/idp-at-most-one-scope.ts';
import { rfc5280IdpCritical } from './rfc5280/idp-critical.ts';
import { rfc5280IdpNotEmpty } from './rfc5280/idp-not-empty.ts';
import { rfc5280IssuerNotEmpty } from './rfc5280/issuer-not-empty.ts';
import { rfc5280NameStringType } from './rfc5280/name-string-type.ts';
import { rfc5280NameUpperBounds } from './rfc5280/name-upper-bounds.ts';
import { rfc5280NameValueNotEmpty } from './rfc5280/name-value-not-empty.ts';
import { rfc5280NoDuplicateExtension } from './rfc5280/no-duplicate-extension.ts';
import { rfc5280PrintableStringCharacters } from './rfc5280/printable-string-characters.ts';
import { rfc5280SignatureAlgorithmsEqual } from './rfc5280/signature-algorithms-equal.ts';
import { rfc5280StatusUrlsAbsolute } from './rfc5280/status-urls-absolute.ts';
import { rfc5280StatusUrlsNotHttps } from './rfc5280/status-urls-not-https.ts';
import { rfc5758EcdsaSignatureParametersAbsent } from './rfc5758/ecdsa-signature-parameters-absent.ts';
import { rfc8410Ed25519SignatureParametersAbsent } from './rfc8410/ed25519-signature-parameters-absent.ts';
import { rfc9881MlDsaSignatureParametersAbsent } from './rfc9881/ml-dsa-signature-parameters-absent.ts';
import { x690CriticalDefaultOmitted } from './x690/critical-default-omitted.ts';
import { x690IdpDefaultOmitted } from './x690/idp-default-omitted.ts';
import { x690RdnSorted } from './x690/rdn-sorted.ts';

/** Rules for a CRL as a whole. */
export const crlRules: readonly Rule<CrlView>[] = [
  derMalformed,
  rfc5280SignatureAlgorithmsEqual,
  rfc5280IssuerNotEmpty,
  rfc5280NameStringType,
  rfc5280CountryTwoLetters,
  rfc5280NameUpperBounds,
  rfc5280NameValueNotEmpty,
  rfc5280PrintableStringCharacters,
  rfc5280ExtensionsNotEmpty,
  rfc5280NoDuplicateExtension,
  rfc5280AkiHasKeyIdentifier,
  rfc5280AkiNotCritical,
  rfc5280DistributionPointsNotEmpty,
  rfc5280DistributionPointComplete,
  rfc5280FreshestCrlNotCritical,
  rfc5280AiaNotCritical,
  rfc5280AiaNotEmpty,
  rfc5280StatusUrlsNotHttps,
  rfc5280StatusUrlsAbsolute,
  rfc5280CrlVersionV2,
  rfc5280CrlNextUpdatePresent,
  rfc5280CrlNextUpdateAfterThisUpdate,
  rfc5280CrlTimeType,
  rfc5280CrlAkiPresent,
  rfc5280CrlNumberPresent,
  rfc5280CrlNumberNotCritical,
  rfc5280CrlNumberAtMost20Octets,
  rfc5280CrlNumberNotNegative,
  rfc5280IdpCritical,
  rfc5280IdpNotEmpty,
  rfc5280IdpAtMostOneScope,
  rfc5280CrlRevokedCertificatesNotEmpty,
  rfc5280DeltaCrlIndicatorCritical,
  rfc5280DeltaBaseBeforeNumber,
  rfc5280DeltaCrlWithoutFreshestCrl,
  rfc5280CrlEntrySerialsUnique,
  rfc4055RsaSignatureParametersNull,
  rfc4055PssParametersConsistent,
  rfc5758EcdsaSignatureParametersAbsent,
  rfc8410Ed25519SignatureParametersAbsent,
  rfc9881MlDsaSignatureParametersAbsent,
  cabBrAkiKeyIdentifierOnly,
  cabBrSingleValuedRdn,
  cabBrNameAttributeOnce,
  cabBrCrlWholeScope,
  cabBrCrlLifeAtMost12Months,
  x690CriticalDefaultOmitted,
  x690IdpDefaultOmitted,
  x690RdnSorted,
  houseNoUnknownCriticalExtension,
  houseSignatureAlgorithmAccepted,
  houseAkiLength,
  houseNameWithoutEdgeSpace,
];
