import type { EntryRule } from '../../rule.ts';
import { knownExtensions } from '../../view/known-extensions.ts';

export const houseCrlEntryNoUnknownCriticalExtension: EntryRule = {
  id: 'house_crl_entry_no_unknown_critical_extension',
  source: 'RFC 5280 s5.3; house rule',
  text: 'No critical extension of a CRL entry is one that this linter cannot read.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: ({ position, extensions }) => {
    const unknown = extensions?.find(({ oid, critical }) => critical && !knownExtensions.has(oid));
    return unknown && `entry ${position}: critical extension ${unknown.oid} is unknown`;
  },
};
