const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long a KEK may be used without its server. Each number can be changed within its bounds, and nothing else extends it. */
export interface CachePolicy {
  /** A KEK is validated anew in the background after this long; default 6 h. */
  readonly softTtlMs: number;
  /** By which part of itself the soft TTL differs from one process to another; default 0.1. */
  readonly softTtlJitter: number;
  /** After this long without a confirmation by the server use ends, unless offline mode is on; default and most 24 h. */
  readonly hardTtlMs: number;
  readonly offline: OfflinePolicy;
  /** A request for a KEK that takes longer has failed; default 10 s. */
  readonly inFlightTimeoutMs: number;
  /** Requests for different KEKs under way at the same time; default 20. */
  readonly fanOut: number;
  /** Versions kept beside those that are pinned; default 1000. */
  readonly maxVersions: number;
  /** How long "no such KEK" and "not allowed" are believed, give or take half; default 30 s. */
  readonly negativeTtlMs: number;
  /** How long an unknown version of a known line is believed to be unknown; default 5 s. */
  readonly unknownVersionTtlMs: number;
  /** Time between two looks at the server; 0: only when told to. Default 60 s. */
  readonly pollMs: number;
  /** The same after a failure; default 10 s. */
  readonly pollAfterFailureMs: number;
  /** Time between two fetches of the CRL; default and most 6 h. */
  readonly crlRefreshMs: number;
}

/** What is allowed while the server cannot be reached for longer than the hard TTL. */
export interface OfflinePolicy {
  /** Nothing below counts unless this is true. Default false: nobody is offline by accident. */
  readonly enabled: boolean;
  /** Encryption beyond the hard TTL; both together at most 48 h. Default 24 h. */
  readonly encryptGraceMs: number;
  /** Decryption beyond the hard TTL; both together at most 7 days. Default 6 days. */
  readonly decryptGraceMs: number;
  /** Encryption beyond the nextUpdate of the CRL. Default 24 h, at most 48 h. */
  readonly crlGraceMs: number;
}

/** What is changed of the default. */
export type CachePolicyInput = Partial<Omit<CachePolicy, 'offline'>> & { readonly offline?: Partial<OfflinePolicy> };

const defaults: CachePolicy = {
  softTtlMs: 6 * hourMs,
  softTtlJitter: 0.1,
  hardTtlMs: dayMs,
  offline: { enabled: false, encryptGraceMs: dayMs, decryptGraceMs: 6 * dayMs, crlGraceMs: dayMs },
  inFlightTimeoutMs: 10_000,
  fanOut: 20,
  maxVersions: 1000,
  negativeTtlMs: 30_000,
  unknownVersionTtlMs: 5_000,
  pollMs: minuteMs,
  pollAfterFailureMs: 10_000,
  crlRefreshMs: 6 * hourMs,
};

/** Most of encryption without the server, whatever is configured: two days. */
const maxOfflineEncryptMs = 2 * dayMs;
/** Most of decryption without the server: a week. */
const maxOfflineDecryptMs = 7 * dayMs;

/** Fills in the defaults. @throws RangeError when a number is outside its bounds */
export function cachePolicy(input: CachePolicyInput = {}): CachePolicy {
  const policy = { ...defaults, ...input, offline: { ...defaults.offline, ...input.offline } };
  const { hardTtlMs, offline } = policy;
  within('hardTtlMs', hardTtlMs, 1, dayMs);
  within('softTtlMs', policy.softTtlMs, 1, hardTtlMs);
  within('softTtlJitter', policy.softTtlJitter, 0, 0.5);
  within('offline.encryptGraceMs', offline.encryptGraceMs, 0, maxOfflineEncryptMs - hardTtlMs);
  within('offline.decryptGraceMs', offline.decryptGraceMs, 0, maxOfflineDecryptMs - hardTtlMs);
  within('offline.crlGraceMs', offline.crlGraceMs, 0, maxOfflineEncryptMs);
  within('inFlightTimeoutMs', policy.inFlightTimeoutMs, 1, minuteMs);
  within('fanOut', policy.fanOut, 1, 1000);
  within('maxVersions', policy.maxVersions, 1, 100_000);
  within('negativeTtlMs', policy.negativeTtlMs, 0, hourMs);
  within('unknownVersionTtlMs', policy.unknownVersionTtlMs, 0, hourMs);
  within('pollMs', policy.pollMs, 0, hourMs);
  within('pollAfterFailureMs', policy.pollAfterFailureMs, 1, hourMs);
  within('crlRefreshMs', policy.crlRefreshMs, 1, 6 * hourMs);
  return policy;
}

function within(name: string, value: number, least: number, most: number): void {
  if (!Number.isFinite(value) || value < least || value > most) {
    throw new RangeError(`${name} is ${value}; it must be from ${least} to ${most}`);
  }
}
