import type { KeyErrorCode } from '../key-error.ts';
import type { CachePolicy } from './cache-policy.ts';

/** States of a version as the server has them; `compromised` beside ENABLED. */
export type KekState = 'PENDING' | 'PRIMARY' | 'ENABLED' | 'DISABLED' | 'DESTROYED';

/** What a KEK is wanted for; `reencrypt` decrypts what is to be encrypted anew at once. */
export type KekUse = 'encrypt' | 'decrypt' | 'reencrypt';

/** What is known of a version at the moment of its use; times in milliseconds since the epoch. */
export interface KekFacts {
  readonly state: KekState;
  readonly isCompromised: boolean;
  readonly isRevoked: boolean;
  readonly notBeforeWriteMs: number;
  readonly notAfterWriteMs: number;
  /** Milliseconds since the server last confirmed it. */
  readonly ageMs: number;
  /** nextUpdate of the CRL by which it is not revoked; undefined when its certificate cannot be revoked. */
  readonly crlNextUpdateMs: number | undefined;
  readonly nowMs: number;
  readonly policy: CachePolicy;
  /** Whether this service may read what a compromised KEK protects, beside encrypting it anew. */
  readonly mayDecryptCompromised: boolean;
}

/** May be used (`stale`: only by the grace of offline mode), or may not, and why. */
export type Judgement = 'fresh' | 'stale' | KeyErrorCode;

/** Whether a version may be used now. A limit is the first millisecond at which it may not. */
export function judgeUse(facts: KekFacts, use: KekUse): Judgement {
  const refusal = judgeState(facts, use);
  if (refusal !== undefined) return refusal;
  return use === 'encrypt' ? judgeEncryption(facts) : judgeDecryption(facts);
}

function judgeState(facts: KekFacts, use: KekUse): KeyErrorCode | undefined {
  if (facts.state === 'DESTROYED') return 'KEK_DESTROYED';
  const isExcused = use === 'reencrypt' || (use === 'decrypt' && facts.mayDecryptCompromised);
  if ((facts.isRevoked || facts.isCompromised) && !isExcused) return 'KEK_REVOKED';
  if (facts.state === 'DISABLED') return 'KEK_DISABLED';
  if (use === 'encrypt' && facts.state !== 'PRIMARY') return 'KEK_NOT_PRIMARY';
  return undefined;
}

function judgeEncryption(facts: KekFacts): Judgement {
  const { policy, nowMs } = facts;
  if (nowMs < facts.notBeforeWriteMs) return 'KEK_NOT_PRIMARY';
  if (nowMs >= facts.notAfterWriteMs) return policy.offline.enabled ? 'OFFLINE_LIMIT' : 'KEK_STALE';
  const crlEndMs = facts.crlNextUpdateMs ?? Number.POSITIVE_INFINITY;
  if (facts.ageMs < policy.hardTtlMs && nowMs < crlEndMs) return 'fresh';
  if (!policy.offline.enabled) return 'KEK_STALE';
  const isWithin =
    facts.ageMs < policy.hardTtlMs + policy.offline.encryptGraceMs && nowMs < crlEndMs + policy.offline.crlGraceMs;
  return isWithin ? 'stale' : 'OFFLINE_LIMIT';
}

function judgeDecryption({ ageMs, policy }: KekFacts): Judgement {
  if (ageMs < policy.hardTtlMs) return 'fresh';
  if (!policy.offline.enabled) return 'KEK_STALE';
  return ageMs < policy.hardTtlMs + policy.offline.decryptGraceMs ? 'stale' : 'OFFLINE_LIMIT';
}
