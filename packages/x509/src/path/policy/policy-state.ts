import type { Oid } from '@vcc-pki/asn1';
import { anyPolicy } from '../../extensions/certificate-policies.ts';
import type { PolicyMapping } from '../../extensions/policy-mappings.ts';
import type { Budget } from '../limits.ts';
import type { PathCertificate } from '../path-certificate.ts';
import { PathError } from '../path-error.ts';
import { PolicyGraph } from './policy-graph.ts';

/** The user's side of policy processing (RFC 5280 s6.1.1). */
export interface PolicyInput {
  /** Policies that will do, as dotted OIDs. Default `[anyPolicy]`: all. */
  readonly initialPolicySet?: readonly Oid[];
  /** True: the path must be valid for at least one of them. Default false. */
  readonly requireExplicitPolicy?: boolean;
  /** True: policy mappings are not followed. Default false. */
  readonly inhibitPolicyMapping?: boolean;
  /** True: anyPolicy in certificates does not count. Default false. */
  readonly inhibitAnyPolicy?: boolean;
}

/** Policy processing along one path (RFC 5280 s6.1.2 to s6.1.5 as updated by RFC 9618). */
export class PolicyState {
  readonly #initialPolicySet: ReadonlySet<Oid>;
  readonly #graph: PolicyGraph;
  #explicitPolicy: number;
  #policyMapping: number;
  #inhibitAnyPolicy: number;

  /** @param pathLength n of s6.1.1: certificates without the trust anchor. */
  constructor(input: PolicyInput, pathLength: number, budget: Budget) {
    this.#initialPolicySet = new Set(input.initialPolicySet ?? [anyPolicy]);
    this.#graph = new PolicyGraph(budget);
    this.#explicitPolicy = input.requireExplicitPolicy === true ? 0 : pathLength + 1;
    this.#policyMapping = input.inhibitPolicyMapping === true ? 0 : pathLength + 1;
    this.#inhibitAnyPolicy = input.inhibitAnyPolicy === true ? 0 : pathLength + 1;
  }

  /** s6.1.3(d), (e) and (f). @param index 0 for the end entity. @throws {@link PathError} `policyNotAcceptable` */
  process(certificate: PathCertificate, index: number): void {
    const policies = certificate.extensions.certificatePolicies;
    if (policies === undefined) this.#graph.setNull();
    else {
      const allowAny = this.#inhibitAnyPolicy > 0 || (index > 0 && certificate.isSelfIssued);
      const oids = policies.map(({ policyIdentifier }) => policyIdentifier);
      this.#graph.addLevel(oids, allowAny, index);
    }
    if (this.#explicitPolicy === 0 && this.#graph.isNull) {
      throw new PathError('policyNotAcceptable', index, 'a policy is required, and none holds down to here');
    }
  }

  /** s6.1.4(a), (b), (h), (i) and (j). @throws {@link PathError} `policyNotAcceptable` */
  prepareNext(certificate: PathCertificate, index: number): void {
    const { policyMappings, policyConstraints, inhibitAnyPolicy } = certificate.extensions;
    if (policyMappings !== undefined) this.#map(policyMappings, index);
    if (!certificate.isSelfIssued) this.#countDown();
    const { requireExplicitPolicy, inhibitPolicyMapping } = policyConstraints ?? {};
    this.#explicitPolicy = Math.min(this.#explicitPolicy, requireExplicitPolicy ?? Number.POSITIVE_INFINITY);
    this.#policyMapping = Math.min(this.#policyMapping, inhibitPolicyMapping ?? Number.POSITIVE_INFINITY);
    this.#inhibitAnyPolicy = Math.min(this.#inhibitAnyPolicy, inhibitAnyPolicy ?? Number.POSITIVE_INFINITY);
  }

  /** s6.1.5(a), (b) and (g). @returns the user-constrained policy set. @throws {@link PathError} `policyNotAcceptable` */
  wrapUp(endEntity: PathCertificate): Oid[] {
    if (this.#explicitPolicy > 0) this.#explicitPolicy--;
    if (endEntity.extensions.policyConstraints?.requireExplicitPolicy === 0) this.#explicitPolicy = 0;
    const accepted = this.#userConstrainedSet();
    if (this.#explicitPolicy === 0 && accepted.length === 0) {
      throw new PathError('policyNotAcceptable', 0, 'the path is valid for none of the policies asked for');
    }
    return accepted;
  }

  #userConstrainedSet(): Oid[] {
    const allowed = this.#graph.authorityConstrainedSet();
    if (this.#initialPolicySet.has(anyPolicy)) return [...allowed];
    if (allowed.has(anyPolicy)) return [...this.#initialPolicySet];
    return [...this.#initialPolicySet].filter((policy) => allowed.has(policy));
  }

  #map(mappings: readonly PolicyMapping[], index: number): void {
    const byIssuer = new Map<Oid, Set<Oid>>();
    for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
      if (issuerDomainPolicy === anyPolicy || subjectDomainPolicy === anyPolicy) {
        throw new PathError('policyNotAcceptable', index, 'a policy mapping from or to anyPolicy (s6.1.4(a))');
      }
      const subjects = byIssuer.get(issuerDomainPolicy);
      if (subjects === undefined) byIssuer.set(issuerDomainPolicy, new Set([subjectDomainPolicy]));
      else subjects.add(subjectDomainPolicy);
    }
    if (this.#policyMapping > 0) this.#graph.map(byIssuer);
    else this.#graph.drop(byIssuer.keys());
  }

  /** s6.1.4(h) */
  #countDown(): void {
    if (this.#explicitPolicy > 0) this.#explicitPolicy--;
    if (this.#policyMapping > 0) this.#policyMapping--;
    if (this.#inhibitAnyPolicy > 0) this.#inhibitAnyPolicy--;
  }
}
