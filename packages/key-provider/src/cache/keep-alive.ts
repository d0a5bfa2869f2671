/** The longest that timers of Node run. */
const longestMs = 2 ** 31 - 1;

/** Keeps the process alive while something is under way: the timers of a TimeSource do not. */
export async function keepAlive<Value>(run: () => Promise<Value>): Promise<Value> {
  const timer = setInterval(() => {}, longestMs);
  try {
    return await run();
  } finally {
    clearInterval(timer);
  }
}
