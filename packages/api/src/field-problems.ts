import type { ProblemCode } from './problems.ts';

const codeByField: Readonly<Record<string, ProblemCode>> = {
  csr: 'badCSR',
  key_type: 'badPublicKey',
  key_size: 'badPublicKey',
  validity_days: 'badValidity',
  validity_hours: 'badValidity',
  reason: 'badRevocationReason',
};

/**
 * The code for a request member that is against its schema, so that a wrong reason is `badRevocationReason` whether the
 * schema or the domain finds it. `malformed` where the table has nothing better.
 * @param field as in a problem: `san_dns[2]`, `reason`
 */
export function problemCodeForField(field: string): ProblemCode {
  return Object.hasOwn(codeByField, field) ? (codeByField[field] ?? 'malformed') : 'malformed';
}
