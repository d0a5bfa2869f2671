/** What is done when the news about revocations is older than it promised to be. */
export interface RevocationPolicy {
  /**
   * `refuse` (default): beyond `graceSeconds` new connections are refused until there is news again. `allow`: beyond it
   * peers are accepted as if nothing had been revoked since, for `longestSeconds` at most. `off`: nothing is looked at,
   * for networks whose certificates live for hours.
   */
  readonly whenStale?: 'refuse' | 'allow' | 'off';
  /** How long after the end of the last news it still counts. Default 21,600; at most a day. */
  readonly graceSeconds?: number;
  /** With `allow`: how long after the end of the last news, or after the start without any. Default 86,400; at most a week. */
  readonly longestSeconds?: number;
  /** How often open connections are looked at again, beside every change. Default 60. */
  readonly recheckSeconds?: number;
}

const limits = { graceSeconds: 86_400, longestSeconds: 604_800 } as const;

/** The policy with its defaults. @throws RangeError beyond the limits */
export function completePolicy(policy: RevocationPolicy = {}): Required<RevocationPolicy> {
  const complete = {
    whenStale: policy.whenStale ?? 'refuse',
    graceSeconds: policy.graceSeconds ?? 21_600,
    longestSeconds: policy.longestSeconds ?? 86_400,
    recheckSeconds: policy.recheckSeconds ?? 60,
  };
  for (const [name, limit] of Object.entries(limits) as [keyof typeof limits, number][]) {
    if (!(complete[name] >= 0 && complete[name] <= limit)) throw new RangeError(`${name} is between 0 and ${limit}`);
  }
  return complete;
}
