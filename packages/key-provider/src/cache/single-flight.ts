import { within } from './within.ts';

export interface SingleFlightOptions {
  /** Flights under way at the same time; the others wait for their turn. */
  readonly fanOut: number;
  readonly timeoutMs: number;
  /** As `TimeSource.after`. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** Does a thing once for all who want it at the same time, and few different things at a time. */
export class SingleFlight<Value> {
  readonly #options: SingleFlightOptions;
  readonly #underWay = new Map<string, Promise<Value>>();
  readonly #waiting: (() => void)[] = [];
  #flying = 0;
  #joins = 0;

  constructor(options: SingleFlightOptions) {
    this.#options = options;
  }

  /** How many callers found what they wanted under way. */
  get joins(): number {
    return this.#joins;
  }

  /** Joins the flight of that key, or starts it. The signal is aborted when its time is up. */
  run(key: string, fly: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const running = this.#underWay.get(key);
    if (running !== undefined) {
      this.#joins += 1;
      return running;
    }
    const flight = this.#fly(fly).finally(() => {
      if (this.#underWay.get(key) === flight) this.#underWay.delete(key);
    });
    this.#underWay.set(key, flight);
    return flight;
  }

  /** Lets later callers start anew: what is under way was asked before something changed. */
  forget(key: string): void {
    this.#underWay.delete(key);
  }

  async #fly(fly: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    await this.#takeTurn();
    try {
      return await within(fly, this.#options);
    } finally {
      this.#passTurn();
    }
  }

  #takeTurn(): Promise<void> | undefined {
    if (this.#flying < this.#options.fanOut) {
      this.#flying += 1;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #passTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#flying -= 1;
    else next();
  }
}
