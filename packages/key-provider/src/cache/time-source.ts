/** Where time comes from; handed in, so that a test can move it. */
export interface TimeSource {
  /** The wall clock: milliseconds since the epoch. It can jump. */
  now(): number;
  /** Milliseconds since some moment; never goes back, and may stand still while the machine sleeps. */
  monotonic(): number;
  /** Runs something once after a delay, without keeping the process alive. @returns what calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** The clocks of this machine. */
export const systemTime: TimeSource = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
