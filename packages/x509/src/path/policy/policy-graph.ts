import type { Oid } from '@vcc-pki/asn1';
import { anyPolicy } from '../../extensions/certificate-policies.ts';
import type { Budget } from '../limits.ts';

/** A policy that is valid for the path down to one depth (RFC 9618 s5.3). */
interface Node {
  readonly policy: Oid;
  /** Policies that would satisfy this one in the next certificate. */
  expected: Set<Oid>;
  readonly parents: Set<Node>;
}

/** The nodes of one depth: at most one for each policy, which is what keeps the graph from growing as the tree of RFC 5280 did. */
type Level = Map<Oid, Node>;

/**
 * The valid_policy_graph of RFC 9618 s5, which replaces RFC 5280's valid_policy_tree. It grows by one level for each
 * certificate from the trust anchor down; `isNull` once no policy is left.
 */
export class PolicyGraph {
  readonly #budget: Budget;
  #levels: Level[] = [new Map([[anyPolicy, newNode(anyPolicy, [])]])];

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get isNull(): boolean {
    return this.#levels.length === 0;
  }

  setNull(): void {
    this.#levels = [];
  }

  /** s6.1.3(d): a level for the policies of certificate i. @param allowAny whether anyPolicy in it counts, (d)(2) */
  addLevel(policies: readonly Oid[], allowAny: boolean, index: number): void {
    const above = this.#levels.at(-1);
    if (above === undefined) return;
    const expecting = this.#nodesByExpectedPolicy(above, index);
    const level: Level = new Map();
    const any = above.get(anyPolicy);
    for (const policy of policies) {
      if (policy === anyPolicy) continue;
      const parents = expecting.get(policy) ?? (any ? [any] : []);
      if (parents.length > 0) level.set(policy, newNode(policy, parents));
    }
    if (allowAny && policies.includes(anyPolicy)) {
      for (const [policy, parents] of expecting) if (!level.has(policy)) level.set(policy, newNode(policy, parents));
    }
    this.#levels.push(level);
    this.#prune();
  }

  /** s6.1.4(b)(1): maps policies of the issuer's domain to policies of the subject's. */
  map(mappings: ReadonlyMap<Oid, ReadonlySet<Oid>>): void {
    const [above, level] = [this.#levels.at(-2), this.#levels.at(-1)];
    if (above === undefined || level === undefined) return;
    const anyAbove = above.get(anyPolicy);
    for (const [issuerPolicy, subjectPolicies] of mappings) {
      let node = level.get(issuerPolicy);
      if (node === undefined && level.has(anyPolicy) && anyAbove !== undefined) {
        node = newNode(issuerPolicy, [anyAbove]);
        level.set(issuerPolicy, node);
      }
      if (node !== undefined) node.expected = new Set(subjectPolicies);
    }
  }

  /** s6.1.4(b)(2): with mapping inhibited, mapped policies are dropped. */
  drop(policies: Iterable<Oid>): void {
    const level = this.#levels.at(-1);
    if (level === undefined) return;
    for (const policy of policies) level.delete(policy);
    this.#prune();
  }

  /** s6.1.5(g): the policies that the authorities on the path allow; anyPolicy when they allow all. */
  authorityConstrainedSet(): Set<Oid> {
    const allowed = new Set<Oid>();
    for (const level of this.#levels) {
      for (const { policy, parents } of level.values()) {
        const [parent] = parents;
        if (policy !== anyPolicy && parents.size === 1 && parent?.policy === anyPolicy) allowed.add(policy);
      }
    }
    if (this.#levels.at(-1)?.has(anyPolicy)) allowed.add(anyPolicy);
    return allowed;
  }

  /** For each expected policy the nodes that expect it; every edge that could be drawn is paid for. */
  #nodesByExpectedPolicy(level: Level, index: number): Map<Oid, Node[]> {
    const expecting = new Map<Oid, Node[]>();
    for (const node of level.values()) {
      this.#budget.spend('maxPolicyEdges', index, node.expected.size);
      for (const policy of node.expected) {
        const nodes = expecting.get(policy);
        if (nodes === undefined) expecting.set(policy, [node]);
        else nodes.push(node);
      }
    }
    return expecting;
  }

  /** s6.1.3(d)(3): nodes above the last level without children go, upwards until none is left to go. */
  #prune(): void {
    for (let depth = this.#levels.length - 1; depth > 0; depth--) {
      const above = this.#levels[depth - 1];
      const wanted = new Set<Node>();
      for (const { parents } of this.#levels[depth]?.values() ?? []) for (const parent of parents) wanted.add(parent);
      for (const [policy, node] of above ?? []) if (!wanted.has(node)) above?.delete(policy);
    }
    if (this.#levels[0]?.size === 0) this.setNull();
  }
}

function newNode(policy: Oid, parents: readonly Node[]): Node {
  return { policy, expected: new Set([policy]), parents: new Set(parents) };
}
