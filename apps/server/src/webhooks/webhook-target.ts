import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { PostEvent, PostResult } from './post-event.ts';

/** How a receiver stands: its circuit is open while nothing is sent there because nothing has arrived. */
export type Circuit = 'closed' | 'open' | 'half-open';

/** So many failures in a row open the circuit. */
const failuresInARow = 5;

export interface RestRules {
  /** How long a receiver is left alone after failures in a row. */
  readonly restMs: number;
  /** How long at most because it asked for it. */
  readonly longestRestMs: number;
}

/**
 * One receiver and its circuit breaker: after five failures in a row nothing is sent there for a while, then one
 * delivery as a trial. Nothing is sent either for as long as the receiver asked by `Retry-After`, which is about all that
 * goes there. What waits is not given up meanwhile.
 */
export class WebhookTarget {
  readonly #post: PostEvent;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #longestRestMs: number;
  #openUntil = 0;
  #askedUntil = 0;

  constructor(post: PostEvent, { restMs, longestRestMs }: RestRules) {
    this.#post = post;
    this.#longestRestMs = longestRestMs;
    this.#breaker = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(failuresInARow),
      halfOpenAfter: restMs,
    });
    this.#breaker.onBreak(() => {
      this.#openUntil = performance.now() + restMs;
    });
  }

  get circuit(): Circuit {
    if (this.#breaker.state === CircuitState.Closed) return 'closed';
    return this.#isOpen ? 'open' : 'half-open';
  }

  /** Whether nothing is to be sent there now. */
  get isResting(): boolean {
    return this.#isOpen || performance.now() < this.#askedUntil;
  }

  get #isOpen(): boolean {
    return this.#breaker.state !== CircuitState.Closed && performance.now() < this.#openUntil;
  }

  /** Sends, or does not because the circuit is open: then the answer is `undefined`, and it was no try. */
  async send(delivery: Parameters<PostEvent>[0]): Promise<PostResult | undefined> {
    let result: PostResult | undefined;
    try {
      await this.#breaker.execute(async () => {
        result = await this.#post(delivery);
        this.#restAsAsked(result);
        if (result.error !== undefined) throw new Error(result.error);
      });
    } catch {
      // The breaker counts what is thrown; what it was stands in `result`, which stays empty when it let nothing through.
    }
    return result;
  }

  #restAsAsked({ retryAfterMs }: PostResult): void {
    if (retryAfterMs === undefined) return;
    this.#askedUntil = performance.now() + Math.min(retryAfterMs, this.#longestRestMs);
  }
}
