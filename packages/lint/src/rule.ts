import type { CrlView, RevokedEntry } from './view/crl-view.ts';

/** `error`: the bytes must not be signed. `warn`: they may be, and somebody should know. */
export type Severity = 'error' | 'warn';

/** What a rule looks at; `certificate` is every certificate, `leaf` and `ca` the two kinds of it (basicConstraints.cA). */
export type Target = 'certificate' | 'leaf' | 'ca' | 'crl' | 'csr';

/** What there is to say about a rule, apart from how it is checked. */
export interface RuleDescription {
  /** Stable: authority and rule in snake case, as the rule's folder and file are named. */
  readonly id: string;
  /** Document and section, for example `RFC 5280 s4.1.2.2`. */
  readonly source: string;
  /** The requirement, in one or two sentences. */
  readonly text: string;
  readonly severity: Severity;
  readonly appliesTo: readonly Target[];
}

/** One requirement on finished DER. `check` returns a sentence that says what is wrong, or `undefined` when nothing is. */
export interface Rule<View> extends RuleDescription {
  readonly check: (view: View) => string | undefined;
}

/** One requirement on every entry of a CRL. */
export interface EntryRule extends RuleDescription {
  readonly checkEntry: (entry: RevokedEntry, crl: CrlView) => string | undefined;
}

/** A requirement that the DER does not meet. */
export interface Finding {
  readonly ruleId: string;
  readonly source: string;
  readonly severity: Severity;
  readonly message: string;
}
