import { toHex } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import type { CrlView } from '../../view/crl-view.ts';
import { issuingDistributionPoint } from '../../view/extensions/issuing-distribution-point.ts';

/** 25,000 entries of about 40 octets: comparing them costs milliseconds. Beyond, the ledger's unique index has to do. */
const maxComparedOctets = 2 ** 20;

export const rfc5280CrlEntrySerialsUnique: Rule<CrlView> = {
  id: 'rfc5280_crl_entry_serials_unique',
  source: 'RFC 5280 s5.1.2.6',
  text: 'No certificate is listed twice. CRLs whose entries take more than 1 MiB (about 25,000 entries) and indirect CRLs are not compared.',
  severity: 'error',
  appliesTo: ['crl'],
  check: (crl) => {
    if ((crl.revokedOctets ?? 0) > maxComparedOctets) return undefined;
    // The entries of an indirect CRL belong to several issuers, whose serial numbers may coincide.
    if (crl.extensions.read(issuingDistributionPoint)?.indirectCRL) return undefined;
    const seen = new Set<string>();
    for (const serialNumber of crl.serialNumbers()) {
      const serial = toHex(serialNumber);
      if (seen.has(serial)) return `serial number ${serial} is listed more than once`;
      seen.add(serial);
    }
    return undefined;
  },
};
