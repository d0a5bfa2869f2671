import type { EntryRule } from '../../rule.ts';

export const rfc5280CrlEntryNoDuplicateExtension: EntryRule = {
  id: 'rfc5280_crl_entry_no_duplicate_extension',
  source: 'RFC 5280 s4.2, s5.3',
  text: 'No extension of a CRL entry occurs twice.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: ({ position, extensions }) =>
    extensions && extensions.length > 1 && new Set(extensions.map(({ oid }) => oid)).size < extensions.length
      ? `entry ${position}: an extension occurs more than once`
      : undefined,
};
