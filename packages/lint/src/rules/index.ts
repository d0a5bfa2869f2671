import type { RuleDescription } from '../rule.ts';
import { certificateRules } from './certificate-rules.ts';
import { crlEntryRules } from './crl-entry-rules.ts';
import { crlRules } from './crl-rules.ts';
import { requestRules } from './request-rules.ts';

/** Every rule once, in the order of the documentation. */
export const rules: readonly RuleDescription[] = [
  ...new Set<RuleDescription>([...certificateRules, ...crlRules, ...crlEntryRules, ...requestRules]),
];
