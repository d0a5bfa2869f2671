/** Starts a watch that tells the processor time of this process since then, in milliseconds: a busy machine does not count. */
export function processorTime(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
