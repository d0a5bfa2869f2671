import type { EntryRule } from '../../rule.ts';
import { findEntryExtension } from '../../view/crl-view.ts';
import { certificateIssuer } from '../../view/extensions/entry-extensions.ts';
import { issuingDistributionPoint } from '../../view/extensions/issuing-distribution-point.ts';

export const rfc5280CrlCertificateIssuerOnlyInIndirect: EntryRule = {
  id: 'rfc5280_crl_certificate_issuer_only_in_indirect',
  source: 'RFC 5280 s5.3.3',
  text: 'certificateIssuer occurs in indirect CRLs only.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: (entry, crl) =>
    findEntryExtension(entry, certificateIssuer) && !crl.extensions.read(issuingDistributionPoint)?.indirectCRL
      ? `entry ${entry.position}: certificateIssuer in a CRL that is not indirect`
      : undefined,
};
