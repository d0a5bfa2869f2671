import type { Judgement, KekState } from '../cache/judge-use.ts';
import type { GroupStatus } from './group-registry.ts';
import type { ProviderState } from './provider-state.ts';

/** One version, as the provider sees it; times in milliseconds since the epoch. */
export interface VersionStatus {
  readonly id: string;
  readonly version: number;
  readonly state: KekState;
  readonly isCompromised: boolean;
  readonly isRevoked: boolean;
  readonly isInMemory: boolean;
  /** Since the server last confirmed it. */
  readonly ageMs: number | undefined;
  readonly notAfterWrite: number;
  /** nextUpdate of the CRL by which it is not revoked; undefined while it is not in memory. */
  readonly crlNextUpdate: number | undefined;
  /** Whether it may encrypt and decrypt now, and if not, why. */
  readonly encrypt: Judgement | 'notInMemory';
  readonly decrypt: Judgement | 'notInMemory';
}

export interface LineStatus {
  readonly line: string;
  readonly lineId: number;
  readonly epoch: number;
  readonly primary: string | undefined;
  readonly versions: readonly VersionStatus[];
}

/**
 * `ready`: every primary is fresh. `offline`: something is used by the grace of offline mode. `degraded`: a primary cannot
 * be used. `closed`.
 */
export type ProviderCondition = 'starting' | 'ready' | 'offline' | 'degraded' | 'closed';

export interface ProviderStatus {
  readonly condition: ProviderCondition;
  readonly instance: string;
  readonly server: { readonly state: 'closed' | 'open' | 'halfOpen'; readonly failuresInARow: number };
  readonly lines: readonly LineStatus[];
  readonly crl: { readonly thisUpdate: number | undefined; readonly nextUpdate: number | undefined };
  readonly cachedVersions: number;
  /** Those that the provider was asked for, each with its mode: for the auditor. */
  readonly groups: readonly GroupStatus[];
}

export function describeState(state: ProviderState, instance: string): Omit<ProviderStatus, 'condition' | 'groups'> {
  const { book, breaker, cache, crls } = state;
  return {
    instance,
    server: { state: breaker.state, failuresInARow: breaker.failures },
    lines: book.lineNames.map((line) => describeLine(state, line)),
    crl: { thisUpdate: crls.thisUpdate, nextUpdate: crls.nextUpdate },
    cachedVersions: cache.size,
  };
}

function describeLine(state: ProviderState, line: string): LineStatus {
  const records = [...state.book.records].filter(({ lineName }) => lineName === line);
  return {
    line,
    lineId: records[0]?.lineId ?? 0,
    epoch: state.book.epoch(line),
    primary: state.book.primary(line)?.id,
    versions: records
      .sort((a, b) => a.version - b.version)
      .map(({ id, version, state: kekState, isCompromised, notAfterWriteMs }) => {
        const entry = state.cache.find(id);
        return {
          ...{ id, version, state: kekState, isCompromised },
          isRevoked: state.revoked.has(id),
          isInMemory: entry !== undefined,
          ageMs: entry === undefined ? undefined : state.clock.age(entry.confirmedAt),
          notAfterWrite: notAfterWriteMs,
          crlNextUpdate: entry?.crlNextUpdateMs,
          encrypt: entry === undefined ? 'notInMemory' : state.judge(entry, 'encrypt'),
          decrypt: entry === undefined ? 'notInMemory' : state.judge(entry, 'decrypt'),
        };
      }),
  };
}

export function conditionOf(lines: readonly LineStatus[]): ProviderCondition {
  const uses = lines.map(
    ({ primary, versions }) => versions.find(({ id }) => id === primary)?.encrypt ?? 'notInMemory',
  );
  if (uses.some((use) => use !== 'fresh' && use !== 'stale')) return 'degraded';
  return uses.includes('stale') ? 'offline' : 'ready';
}
