import type { EntryRule } from '../../rule.ts';

export const x690CrlEntryCriticalDefaultOmitted: EntryRule = {
  id: 'x690_crl_entry_critical_default_omitted',
  source: 'X.690 s11.5',
  text: 'An extension of a CRL entry that is not critical leaves the default critical FALSE out.',
  severity: 'error',
  appliesTo: ['crl'],
  checkEntry: ({ position, extensions }) =>
    extensions?.some(({ encodesDefault }) => encodesDefault)
      ? `entry ${position}: an extension encodes critical FALSE`
      : undefined,
};
