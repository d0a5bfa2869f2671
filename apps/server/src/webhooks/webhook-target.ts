import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { PostEvent, PostResult } from './post-event.ts';

/** How a receiver stands: its circuit is open while nothing is sent there because nothing has arrived. */
export type Circuit = 'closed' | 'open' | 'half-open';

/** So many failures in a row open the circuit. */
const failuresInARow = 5;

/**
 * One receiver and its circuit breaker: after five failures in a row nothing is sent there for a while, then one
 * delivery as a trial. What waits is not given up meanwhile.
 */
export class WebhookTarget {
  readonly #post: PostEvent;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #restMs: number;
  #openUntil = 0;

  constructor(post: PostEvent, restMs: number) {
    this.#post = post;
    this.#restMs = restMs;
    this.#breaker = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(failuresInARow),
      halfOpenAfter: restMs,
    });
    this.#breaker.onBreak(() => {
      this.#openUntil = performance.now() + this.#restMs;
    });
  }

  get circuit(): Circuit {
    if (this.#breaker.state === CircuitState.Closed) return 'closed';
    return this.isResting ? 'open' : 'half-open';
  }

  /** Whether nothing is to be sent there now. */
  get isResting(): boolean {
    return this.#breaker.state !== CircuitState.Closed && performance.now() < this.#openUntil;
  }

  /** Sends, or does not because the circuit is open: then the answer is `undefined`, and it was no try. */
  async send(delivery: Parameters<PostEvent>[0]): Promise<PostResult | undefined> {
    let result: PostResult | undefined;
    try {
      await this.#breaker.execute(async () => {
        result = await this.#post(delivery);
        if (result.error !== undefined) throw new Error(result.error);
      });
    } catch {
      // The breaker counts what is thrown; what it was stands in `result`, which stays empty when it let nothing through.
    }
    return result;
  }
}
