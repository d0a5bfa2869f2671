import { PathError } from './path-error.ts';

/** Bounds of the work that one call may do, whatever it is given. */
export interface PathLimits {
  /** Certificates between end entity and trust anchor. Default 16, GnuTLS's DEFAULT_MAX_VERIFY_DEPTH. */
  readonly maxIntermediates: number;
  /** Signatures verified, those of CRLs and OCSP responses included. Default 100, as rustls-webpki and Go's crypto/x509. */
  readonly maxSignatures: number;
  /** Complete chains up to a trust anchor that are looked at. Default 100: five times what Chromium tries (20). */
  readonly maxPaths: number;
  /** Candidates considered as the next certificate of a chain. Default 200,000, as rustls-webpki. */
  readonly maxCandidates: number;
  /** Names compared with name constraints and distribution points. Default 250,000, as rustls-webpki. */
  readonly maxNameComparisons: number;
  /** Edges of the policy graph (RFC 9618). Default 10,000: far over any real PKI's, under a millisecond of work. */
  readonly maxPolicyEdges: number;
}

export const defaultLimits: PathLimits = {
  maxIntermediates: 16,
  maxSignatures: 100,
  maxPaths: 100,
  maxCandidates: 200_000,
  maxNameComparisons: 250_000,
  maxPolicyEdges: 10_000,
};

type Spendable = Exclude<keyof PathLimits, 'maxIntermediates'>;

/** What is left of the limits of one call; shared by all searches within it. */
export class Budget {
  readonly maxIntermediates: number;
  readonly #limits: PathLimits;
  readonly #spent: Record<Spendable, number> = {
    maxSignatures: 0,
    maxPaths: 0,
    maxCandidates: 0,
    maxNameComparisons: 0,
    maxPolicyEdges: 0,
  };

  constructor(limits: Partial<PathLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.maxIntermediates = this.#limits.maxIntermediates;
  }

  /** Takes `count` from a limit. @throws {@link PathError} `limitExceeded` when it is used up. */
  spend(limit: Spendable, index: number, count = 1): void {
    this.#spent[limit] += count;
    if (this.#spent[limit] > this.#limits[limit]) {
      throw new PathError('limitExceeded', index, `${limit} (${this.#limits[limit]}) is used up`);
    }
  }
}
