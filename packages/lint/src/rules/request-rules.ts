import { derMalformed } from '../der-malformed.ts';
import type { Rule } from '../rule.ts';
import type { RequestView } from '../view/request-view.ts';
import { cabBrRsaExponent } from './cab-br/rsa-exponent.ts';
import { cabBrRsaModulusAtLeast2048Bits } from './cab-br/rsa-modulus-at-least-2048-bits.ts';
import { cabBrRsaModulusWholeOctets } from './cab-br/rsa-modulus-whole-octets.ts';
import { houseCsrNoChallengePassword } from './house/csr-no-challenge-password.ts';
import { houseEcCurveAccepted } from './house/ec-curve-accepted.ts';
import { houseKeyAlgorithmAccepted } from './house/key-algorithm-accepted.ts';
import { houseRsaModulusAtMost4096Bits } from './house/rsa-modulus-at-most-4096-bits.ts';
import { houseSignatureAlgorithmAccepted } from './house/signature-algorithm-accepted.ts';
import { rfc2985ExtensionRequestOnce } from './rfc2985/extension-request-once.ts';
import { rfc2985ExtensionRequestSingleValue } from './rfc2985/extension-request-single-value.ts';
import { rfc2986AttributeValuesNotEmpty } from './rfc2986/attribute-values-not-empty.ts';
import { rfc2986AttributesPresent } from './rfc2986/attributes-present.ts';
import { rfc2986VersionZero } from './rfc2986/version-zero.ts';
import { rfc3279RsaKeyParametersNull } from './rfc3279/rsa-key-parameters-null.ts';
import { rfc4055PssParametersConsistent } from './rfc4055/pss-parameters-consistent.ts';
import { rfc4055RsaSignatureParametersNull } from './rfc4055/rsa-signature-parameters-null.ts';
import { rfc5280ExtensionsNotEmpty } from './rfc5280/extensions-not-empty.ts';
import { rfc5280NoDuplicateExtension } from './rfc5280/no-duplicate-extension.ts';
import { rfc5480EcKeyNamesItsCurve } from './rfc5480/ec-key-names-its-curve.ts';
import { rfc5480EcPointUncompressed } from './rfc5480/ec-point-uncompressed.ts';
import { rfc5758EcdsaSignatureParametersAbsent } from './rfc5758/ecdsa-signature-parameters-absent.ts';
import { rfc8410Ed25519KeyLength } from './rfc8410/ed25519-key-length.ts';
import { rfc8410Ed25519KeyParametersAbsent } from './rfc8410/ed25519-key-parameters-absent.ts';
import { rfc8410Ed25519SignatureParametersAbsent } from './rfc8410/ed25519-signature-parameters-absent.ts';
import { rfc9881MlDsaKeyLength } from './rfc9881/ml-dsa-key-length.ts';
import { rfc9881MlDsaKeyParametersAbsent } from './rfc9881/ml-dsa-key-parameters-absent.ts';
import { rfc9881MlDsaSignatureParametersAbsent } from './rfc9881/ml-dsa-signature-parameters-absent.ts';
import { x690CriticalDefaultOmitted } from './x690/critical-default-omitted.ts';
import { x690RdnSorted } from './x690/rdn-sorted.ts';

/** Rules for certification requests. */
export const requestRules: readonly Rule<RequestView>[] = [
  derMalformed,
  rfc5280ExtensionsNotEmpty,
  rfc5280NoDuplicateExtension,
  rfc4055RsaSignatureParametersNull,
  rfc4055PssParametersConsistent,
  rfc5758EcdsaSignatureParametersAbsent,
  rfc8410Ed25519SignatureParametersAbsent,
  rfc8410Ed25519KeyParametersAbsent,
  rfc8410Ed25519KeyLength,
  rfc9881MlDsaSignatureParametersAbsent,
  rfc9881MlDsaKeyParametersAbsent,
  rfc9881MlDsaKeyLength,
  rfc3279RsaKeyParametersNull,
  rfc5480EcKeyNamesItsCurve,
  rfc5480EcPointUncompressed,
  cabBrRsaModulusAtLeast2048Bits,
  cabBrRsaModulusWholeOctets,
  cabBrRsaExponent,
  x690CriticalDefaultOmitted,
  x690RdnSorted,
  rfc2986VersionZero,
  rfc2986AttributesPresent,
  rfc2986AttributeValuesNotEmpty,
  rfc2985ExtensionRequestOnce,
  rfc2985ExtensionRequestSingleValue,
  houseKeyAlgorithmAccepted,
  houseSignatureAlgorithmAccepted,
  houseEcCurveAccepted,
  houseRsaModulusAtMost4096Bits,
  houseCsrNoChallengePassword,
];
