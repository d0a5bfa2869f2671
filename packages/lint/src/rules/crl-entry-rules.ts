import type { EntryRule } from '../rule.ts';
import { cabBrCrlNoCertificateHold } from './cab-br/crl-no-certificate-hold.ts';
import { houseCrlEntryNoUnknownCriticalExtension } from './house/crl-entry-no-unknown-critical-extension.ts';
import { houseCrlEntryNotInFuture } from './house/crl-entry-not-in-future.ts';
import { rfc5280CrlCertificateIssuerOnlyInIndirect } from './rfc5280/crl-certificate-issuer-only-in-indirect.ts';
import { rfc5280CrlEntryExtensionsNotEmpty } from './rfc5280/crl-entry-extensions-not-empty.ts';
import { rfc5280CrlEntryNoDuplicateExtension } from './rfc5280/crl-entry-no-duplicate-extension.ts';
import { rfc5280CrlEntrySerialValid } from './rfc5280/crl-entry-serial-valid.ts';
import { rfc5280CrlEntryTimeType } from './rfc5280/crl-entry-time-type.ts';
import { rfc5280CrlInvalidityDateNotCritical } from './rfc5280/crl-invalidity-date-not-critical.ts';
import { rfc5280CrlReasonDefined } from './rfc5280/crl-reason-defined.ts';
import { rfc5280CrlReasonNotCritical } from './rfc5280/crl-reason-not-critical.ts';
import { rfc5280CrlReasonNotUnspecified } from './rfc5280/crl-reason-not-unspecified.ts';
import { rfc5280CrlRemoveOnlyInDelta } from './rfc5280/crl-remove-only-in-delta.ts';
import { x690CrlEntryCriticalDefaultOmitted } from './x690/crl-entry-critical-default-omitted.ts';

/** Rules for every entry of a CRL. */
export const crlEntryRules: readonly EntryRule[] = [
  rfc5280CrlEntrySerialValid,
  rfc5280CrlEntryTimeType,
  rfc5280CrlEntryExtensionsNotEmpty,
  rfc5280CrlEntryNoDuplicateExtension,
  rfc5280CrlReasonNotUnspecified,
  rfc5280CrlReasonNotCritical,
  rfc5280CrlReasonDefined,
  rfc5280CrlRemoveOnlyInDelta,
  rfc5280CrlInvalidityDateNotCritical,
  rfc5280CrlCertificateIssuerOnlyInIndirect,
  cabBrCrlNoCertificateHold,
  x690CrlEntryCriticalDefaultOmitted,
  houseCrlEntryNoUnknownCriticalExtension,
  houseCrlEntryNotInFuture,
];
