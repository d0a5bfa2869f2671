import { PkiError } from '@vcc-pki/api';
import { SingleFlight } from '../cache/single-flight.ts';
import { KeyError, type KeyErrorCode } from '../key-error.ts';
import type { ProviderState } from './provider-state.ts';
import { isMatterOfCrl } from './validate-kek.ts';

/** How long a certificate or secret that did not hold is not asked for again, unless the server lists another one. */
const notValidatedTtlMs = 3_600_000;

/** Which key it is, for errors and events. */
export interface DeliveredKey {
  /** `kek_123`, or a group with its epoch. */
  readonly id: string;
  readonly lineName: string;
  readonly version?: number;
}

/** Has keys delivered: each once for all who want it, few at a time, and not while the server is down. */
export class Deliveries<Value> {
  readonly #state: ProviderState;
  readonly #flights: SingleFlight<Value>;

  constructor(state: ProviderState) {
    const { policy, time } = state;
    this.#state = state;
    this.#flights = new SingleFlight({
      fanOut: policy.fanOut,
      timeoutMs: policy.inFlightTimeoutMs,
      after: (delayMs, run) => time.after(delayMs, run),
    });
  }

  get joins(): number {
    return this.#flights.joins;
  }

  /**
   * @param name of what is asked for, with all that would make it another one
   * @throws {@link KeyError}
   */
  run(name: string, key: DeliveredKey, fetch: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { rejected, negative, metrics, breaker, time } = this.#state;
    const known = rejected.find(name) ?? negative.find(name);
    if (known !== undefined) return Promise.reject(refusal(known, key));
    return this.#flights.run(name, async (signal) => {
      if (!breaker.tryEnter()) throw refusal('KEK_UNAVAILABLE', key);
      metrics.misses += 1;
      const startMs = time.monotonic();
      try {
        const value = await fetch(signal);
        breaker.succeeded();
        metrics.delivered((time.monotonic() - startMs) / 1000);
        return value;
      } catch (error) {
        throw this.#failed(error, name, key);
      }
    });
  }

  #failed(error: unknown, name: string, key: DeliveredKey): KeyError {
    const { negative, rejected, breaker, metrics, policy, events } = this.#state;
    metrics.deliveryFailures += 1;
    const keyError = toKeyError(error, key);
    if (keyError.code === 'KEK_NOT_VALIDATED') {
      breaker.succeeded();
      // A CRL that is over is replaced by itself; a forged certificate or secret is not.
      const ttlMs = isMatterOfCrl(keyError) ? policy.negativeTtlMs : notValidatedTtlMs;
      rejected.remember(name, keyError.code, { ttlMs });
      events.emit('security', { detail: `${key.id}: ${keyError.message}`, error: keyError });
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
export function toKeyError(error: unknown, key?: DeliveredKey): KeyError {
  if (error instanceof KeyError) return error;
  const code = error instanceof PkiError ? (byProblem[error.code] ?? 'KEK_UNAVAILABLE') : 'KEK_UNAVAILABLE';
  const text = error instanceof Error ? error.message : String(error);
  return new KeyError(code, text, { kekLine: key?.lineName, kekVersion: key?.version, cause: error });
}

/** Answers of the server that are final for a while; all others may go better the next time. */
const byProblem: Readonly<Record<string, KeyErrorCode>> = {
  notFound: 'KEK_UNKNOWN',
  forbidden: 'KEK_UNKNOWN',
  kekDisabled: 'KEK_DISABLED',
  kekDestroyed: 'KEK_DESTROYED',
  kekRevoked: 'KEK_REVOKED',
};

export function refusal(code: KeyErrorCode, { id, lineName, version }: DeliveredKey): KeyError {
  return new KeyError(code, `${id} is not to be had: ${code}`, { kekLine: lineName, kekVersion: version });
}
