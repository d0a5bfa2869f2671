import type { EntryRule } from '../../rule.ts';

export const rfc5280CrlEntryExtensionsNotEmpty: EntryRule = {
  id: 'rfc5280_crl_entry_extensions_not_empty',
  source: 'RFC 5280 s5.1.2.6',
  text: 'crlEntryExtensions, when present, holds at least one extension.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: ({ position, extensions }) =>
    extensions?.length === 0 ? `entry ${position}: an empty sequence of extensions` : undefined,
};
