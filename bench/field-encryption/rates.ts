/** Something that encrypts records; measured in turns with the others. */
export interface Contender {
  /** Records of one call. */
  readonly records: number;
  run(): unknown;
}

const rounds = 20;
const roundMs = 60;

/**
 * Records a second of each, the best of rounds in turns: what else the machine does only ever makes a round slower, for all alike.
 * The first round warms up.
 */
export async function rates<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(contenders) as Name[];
  const found = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const rate = await measure(contenders[name]);
      if (round > 0) found.get(name)?.push(rate);
    }
  }
  return Object.fromEntries(names.map((name) => [name, Math.max(...(found.get(name) ?? []))])) as Record<Name, number>;
}

/** By the processor time of the whole process, as `openssl speed` counts it: what others do on this machine is not charged. */
async function measure({ records, run }: Contender): Promise<number> {
  const start = performance.now();
  const before = process.cpuUsage();
  let calls = 0;
  while (performance.now() - start < roundMs) {
    const result = run();
    if (result instanceof Promise) await result;
    calls++;
  }
  const { user, system } = process.cpuUsage(before);
  return (calls * records * 1e6) / (user + system);
}
