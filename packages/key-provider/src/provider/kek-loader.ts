import { PkiError } from '@vcc-pki/api';
import type { CachedKek } from '../cache/kek-cache.ts';
import { refreshAfter } from '../cache/refresh-time.ts';
import { SingleFlight } from '../cache/single-flight.ts';
import { KeyError, type KeyErrorCode } from '../key-error.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import type { KekRecord } from './kek-record.ts';
import type { KekOpener, OpenedVersion } from './open-kek.ts';
import type { ProviderState } from './provider-state.ts';

/** How long a certificate or secret that did not hold is not asked for again, unless the server lists another one. */
const notValidatedTtlMs = 3_600_000;

/** Brings versions into memory: each once for all who want it, few at a time, and not while the server is down. */
export class KekLoader {
  readonly #state: ProviderState;
  readonly #opener: KekOpener;
  readonly #flights: SingleFlight<CachedKek<KekHandle>>;
  /** Compromised versions, for encrypting anew alone; not in the cache, where others would find them. */
  readonly #compromised = new Map<string, CachedKek<KekHandle>>();

  constructor(state: ProviderState, opener: KekOpener) {
    const { policy, time } = state;
    this.#state = state;
    this.#opener = opener;
    this.#flights = new SingleFlight({
      fanOut: policy.fanOut,
      timeoutMs: policy.inFlightTimeoutMs,
      after: (delayMs, run) => time.after(delayMs, run),
    });
  }

  get joins(): number {
    return this.#flights.joins;
  }

  /** @throws {@link KeyError} */
  load(record: KekRecord): Promise<CachedKek<KekHandle>> {
    return this.#load(record, false);
  }

  /** A version that is revoked, for those who encrypt anew what is under it. @throws {@link KeyError} */
  async loadCompromised(record: KekRecord): Promise<CachedKek<KekHandle>> {
    const kept = this.#compromised.get(record.id);
    if (kept?.handle.usable) return kept;
    const entry = await this.#load(record, true);
    this.#compromised.set(record.id, entry);
    return entry;
  }

  /** Erases what was loaded for encrypting anew. */
  dropCompromised(): void {
    for (const { handle } of this.#compromised.values()) handle.close();
    this.#compromised.clear();
  }

  #load(record: KekRecord, isCompromised: boolean): Promise<CachedKek<KekHandle>> {
    const name = `${record.id}/${record.serialNumber}/${isCompromised}`;
    const known = this.#state.rejected.find(name) ?? this.#state.negative.find(name);
    if (known !== undefined) return Promise.reject(refusal(known, record));
    return this.#flights.run(name, async (signal) => {
      const { metrics, breaker, time } = this.#state;
      if (!breaker.tryEnter()) throw refusal('KEK_UNAVAILABLE', record);
      metrics.misses += 1;
      const startMs = time.monotonic();
      const confirmedAt = this.#state.clock.moment();
      try {
        const crls = this.#state.crls.ders;
        const opened = await this.#opener.open(record, { crls, acceptRevoked: isCompromised, signal });
        // While it was under way: its time was up and nobody waits, or it was revoked.
        if (signal.aborted || (this.#state.revoked.has(record.id) && !isCompromised)) {
          opened.handle.erase('KEK_REVOKED');
          throw refusal(signal.aborted ? 'KEK_UNAVAILABLE' : 'KEK_REVOKED', record);
        }
        breaker.succeeded();
        metrics.delivered((time.monotonic() - startMs) / 1000);
        await this.#state.crls.learn(opened.issuer, this.#state.clock.now());
        return this.#keep({ record, opened, confirmedAt, fetchMs: time.monotonic() - startMs, isCompromised });
      } catch (error) {
        throw this.#failed(error, record, name);
      }
    });
  }

  #keep(input: {
    readonly record: KekRecord;
    readonly opened: OpenedVersion;
    readonly confirmedAt: CachedKek<KekHandle>['confirmedAt'];
    readonly fetchMs: number;
    readonly isCompromised: boolean;
  }): CachedKek<KekHandle> {
    const { record, opened, confirmedAt, fetchMs, isCompromised } = input;
    const { policy, random, instanceShare, cache, book } = this.#state;
    const entry: CachedKek<KekHandle> = {
      description: book.find(record.id) ?? record,
      certificateDer: opened.certificateDer,
      issuer: opened.issuer,
      intermediates: opened.intermediates,
      serialNumber: opened.certificate.serialNumber,
      handle: opened.handle,
      isRevoked: opened.isRevoked,
      confirmedAt,
      validatedAt: confirmedAt,
      refreshAfterMs: refreshAfter({ policy, fetchMs, instanceShare, random }),
      crlNextUpdateMs: opened.crlNextUpdateMs,
    };
    if (!isCompromised) cache.put(entry);
    return entry;
  }

  #failed(error: unknown, record: KekRecord, name: string): KeyError {
    const { negative, rejected, breaker, metrics, policy, events } = this.#state;
    metrics.deliveryFailures += 1;
    const keyError = toKeyError(error, record);
    if (keyError.code === 'KEK_NOT_VALIDATED') {
      breaker.succeeded();
      rejected.remember(name, keyError.code, { ttlMs: notValidatedTtlMs });
      events.emit('security', { detail: `${record.id}: ${keyError.message}`, error: keyError });
    } else if (keyError.code === 'KEK_UNAVAILABLE') {
      breaker.failed();
      events.emit('failure', { what: 'delivery', error });
    } else {
      breaker.succeeded();
      negative.remember(name, keyError.code, { ttlMs: policy.negativeTtlMs, spread: 0.5 });
    }
    return keyError;
  }
}

/** What a failure means for whoever wanted the key. */
export function toKeyError(error: unknown, record?: KekRecord): KeyError {
  if (error instanceof KeyError) return error;
  const code = error instanceof PkiError ? (byProblem[error.code] ?? 'KEK_UNAVAILABLE') : 'KEK_UNAVAILABLE';
  const text = error instanceof Error ? error.message : String(error);
  return new KeyError(code, text, { kekLine: record?.lineName, kekVersion: record?.version, cause: error });
}

/** Answers of the server that are final for a while; all others may go better the next time. */
const byProblem: Readonly<Record<string, KeyErrorCode>> = {
  notFound: 'KEK_UNKNOWN',
  forbidden: 'KEK_UNKNOWN',
  kekDisabled: 'KEK_DISABLED',
  kekDestroyed: 'KEK_DESTROYED',
  kekRevoked: 'KEK_REVOKED',
};

function refusal(code: KeyErrorCode, { id, lineName, version }: KekRecord): KeyError {
  return new KeyError(code, `${id} is not to be had: ${code}`, { kekLine: lineName, kekVersion: version });
}
