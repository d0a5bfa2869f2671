import type { IssuedObject } from './issued-objects.ts';

/** What a linter that is not ours holds to be an error. */
export interface Finding {
  readonly linter: 'pkilint' | 'zlint';
  /** As the linter calls it. */
  readonly rule: string;
  /** The extension in which it was found, where the linter tells. */
  readonly extension?: string;
  /** The linter's own words, for people. */
  readonly detail: string;
}

/** A finding that is no fault, and why. */
export interface Exception extends Omit<Finding, 'detail'> {
  /** Kinds of objects that show it. */
  readonly kinds: readonly IssuedObject['kind'][];
  readonly reason: string;
}

/** By what a finding about an object and its exception are matched. */
export function keyOf(finding: Omit<Finding, 'detail'>, kind: string): string {
  return [finding.linter, finding.rule, finding.extension ?? '', kind].join(' ');
}
