/** Thrown when something took too long; what it was for goes on to be unknown. */
export class FlightTimeoutError extends Error {
  override readonly name = 'FlightTimeoutError';
}

export interface WithinOptions {
  readonly timeoutMs: number;
  /** As `TimeSource.after`. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** Gives something so long and no longer; whoever does it is told to stop, and need not listen. */
export function within<Value>(
  run: (signal: AbortSignal) => Promise<Value>,
  { timeoutMs, after }: WithinOptions,
): Promise<Value> {
  const abort = new AbortController();
  return new Promise((resolve, reject) => {
    const cancel = after(timeoutMs, () => {
      const error = new FlightTimeoutError(`not done within ${timeoutMs} ms`);
      reject(error);
      abort.abort(error);
    });
    run(abort.signal).then(resolve, reject).finally(cancel);
  });
}
