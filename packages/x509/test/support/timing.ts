/** What hostile input may cost: 20 ms for each 100 kB begun. */
export function timeLimitMs(octets: number): number {
  return 20 * Math.max(1, octets / 100_000);
}

const attempts = 10;

/**
 * Time of one run; a run over the limit gets nine more, because the machine is shared and code may be cold. Where the
 * process had to wait for a core the processor time counts: nothing that is measured here sleeps.
 */
export async function fastestMs(limitMs: number, run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts && best >= limitMs; attempt++) {
    const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
    await run();
    const { user, system } = process.cpuUsage(startCpu);
    best = Math.min(best, performance.now() - startMs, (user + system) / 1000);
  }
  return best;
}
