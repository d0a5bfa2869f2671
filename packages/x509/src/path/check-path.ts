import type { Oid } from '@vcc-pki/asn1';
import type { Budget } from './limits.ts';
import { NameConstraintState } from './names/name-constraint-state.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathError } from './path-error.ts';
import { type PolicyInput, PolicyState } from './policy/policy-state.ts';

/**
 * The part of RFC 5280 s6.1 that depends on the whole path: names (s6.1.3(b), (c)), policies (s6.1.3(d) to (f)) and path
 * length (s6.1.4(l), (m)), from the trust anchor down. What concerns one certificate alone was checked before.
 *
 * A trust anchor's name constraints and path length count, as if it were the first certificate (RFC 5937 s3.2); its
 * policy extensions do not: policies are the caller's to set.
 *
 * @param chain end entity first, trust anchor last.
 * @returns the user-constrained policy set.
 * @throws {@link PathError}; {@link DerError}
 */
export function checkPath(chain: readonly PathCertificate[], policies: PolicyInput, budget: Budget): Oid[] {
  const names = new NameConstraintState(budget);
  const policyState = new PolicyState(policies, Math.max(1, chain.length - 1), budget);
  let maxPathLength = Number.POSITIVE_INFINITY;
  for (let index = chain.length - 1; index >= 0; index--) {
    const certificate = chain[index] as PathCertificate;
    const isAnchor = index === chain.length - 1 && index > 0;
    if (!isAnchor) {
      // s6.1.3(b), (c): self-issued certificates on the way are exempt.
      if (index === 0 || !certificate.isSelfIssued) names.check(certificate, index);
      policyState.process(certificate, index);
    }
    if (index === 0) return policyState.wrapUp(certificate);
    names.add(certificate, index);
    if (!isAnchor) {
      policyState.prepareNext(certificate, index);
      maxPathLength = nextPathLength(certificate, maxPathLength, index);
    }
    maxPathLength = Math.min(
      maxPathLength,
      certificate.extensions.basicConstraints?.pathLenConstraint ?? Number.POSITIVE_INFINITY,
    );
  }
  throw new RangeError('a chain has at least one certificate');
}

/** s6.1.4(l): self-issued certificates do not count. */
function nextPathLength(certificate: PathCertificate, maxPathLength: number, index: number): number {
  if (certificate.isSelfIssued) return maxPathLength;
  if (maxPathLength === 0) {
    throw new PathError('pathLengthExceeded', index, 'more CAs than a pathLenConstraint above allows');
  }
  return maxPathLength - 1;
}
