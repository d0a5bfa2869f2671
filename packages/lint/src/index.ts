/**
 * Proofreads finished DER before a CA key is touched: {@link lintCertificate}, {@link lintCertificateRequest} and
 * {@link lintCrl} run one rule after another and say what is wrong. This package reads DER with eyes of its own and shares no code with
 * the package that builds it, verifies no signature and knows no policy.
 *
 * @module
 */

export { lintCertificate, lintCertificateRequest, lintCrl } from './lint.ts';
export type { Finding, RuleDescription, Severity, Target } from './rule.ts';
export { rules } from './rules/index.ts';
