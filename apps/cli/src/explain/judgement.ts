import type { Certificate, PathError, VerifiedPath } from '@vcc-pki/x509';
import type { PathCheck } from './path-checks.ts';

/** How one check came out. */
export type CheckResult =
  | { readonly check: PathCheck; readonly result: 'ok' }
  | { readonly check: PathCheck; readonly result: 'failed'; readonly error: PathError }
  | { readonly check: PathCheck; readonly result: 'skipped'; readonly reason: string };

/** The path that people are shown. */
export interface ShownPath {
  /** End entity first; empty when not even that can be parsed. */
  readonly certificates: readonly Certificate[];
  /** Whether the last one is a trusted root. */
  readonly isComplete: boolean;
}

/** What the judge said, and why. */
export interface Judgement {
  /** Why the path is refused; `undefined` when it holds. */
  readonly error: PathError | undefined;
  readonly path: ShownPath;
  readonly checks: readonly CheckResult[];
  /** What the path was accepted on; `undefined` when it is refused. */
  readonly verified: VerifiedPath | undefined;
}
