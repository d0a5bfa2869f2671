import { ManualTime, PKIKeyProvider, type ProviderEvents, type ProviderSettings } from '../../src/index.ts';
import { KekAuthority } from './kek-authority.ts';

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;

export interface ProviderScene {
  readonly time: ManualTime;
  readonly authority: KekAuthority;
  readonly provider: PKIKeyProvider;
  /** Names of what was told, in order. */
  readonly told: string[];
}

/** A provider over a line with one version, not started. Nothing is random, and nobody waits at the start. */
export async function providerScene(settings: ProviderSettings = {}): Promise<ProviderScene> {
  const time = new ManualTime(Date.UTC(2026, 5, 1));
  const authority = new KekAuthority(time);
  await authority.add('PRIMARY');
  const provider = new PKIKeyProvider({
    server: authority,
    identity: () => authority.identity,
    trustedPem: authority.trustedPem,
    ...{ time, instance: 'test', kem: 'X25519', startSpreadMs: 0, random: () => 0.5 },
    ...settings,
  });
  const told: string[] = [];
  const names: (keyof ProviderEvents)[] = [
    ...(['rotated', 'revoked', 'security', 'wentBack', 'lost', 'stale', 'recovered', 'failure', 'clockJump'] as const),
  ];
  for (const name of names) provider.events.on(name, () => told.push(name));
  return { time, authority, provider, told };
}

/** The same, started. */
export async function startedProvider(settings: ProviderSettings = {}): Promise<ProviderScene> {
  const scene = await providerScene(settings);
  await scene.provider.bootstrap();
  await settled();
  return scene;
}

/** Lets everything that needs no time go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for work that goes through threads, such as signatures, which take real time and none of the test's. */
export async function eventually(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error('it did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Lets time pass until the server is asked once more, and no further: what the answer costs is real time, however much. */
export async function untilAsked({ time, authority }: Pick<ProviderScene, 'time' | 'authority'>): Promise<void> {
  const before = authority.count('list');
  for (let second = 0; authority.count('list') === before; second += 1) {
    if (second === 60) throw new Error('the server was not asked within a minute');
    await time.advance(1_000);
  }
}

/** The code that a call is refused with; undefined when it is not. */
export async function codeOf(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
