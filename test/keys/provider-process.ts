/**
 * A service in a process of its own, with a clock of its own: it encrypts all the time, and tells how it is.
 *
 * @module
 */
import { ApiConnection, type ClientIdentity } from '@vcc-pki/client';
import {
  PKIKeyProvider,
  type ProviderCondition,
  type ProviderEvents,
  type ProviderSettings,
} from '@vcc-pki/key-provider';
import { RestlessEncryptor } from './restless-encryptor.ts';

/** What the process is told, as JSON. */
export interface ProviderPlan {
  readonly origin: string;
  readonly trustedPem: string;
  readonly client: ClientIdentity;
  readonly line: string;
  /** Of its settings, since a process cannot be handed the whole. */
  readonly cache: NonNullable<ProviderSettings['cache']>;
  /** Age beyond which nothing may be encrypted. */
  readonly limitMs: number;
  /** How far beyond the nextUpdate of its CRL something may be encrypted. */
  readonly crlGraceMs: number;
}

/** What it tells, many times a second. */
export interface ProviderReport {
  readonly condition: ProviderCondition;
  /** What its wall clock shows. */
  readonly nowMs: number;
  /** Of its encryptions: what was against the limits, how many there were, how many were refused, and with which code. */
  readonly wrongs: readonly string[];
  readonly done: number;
  readonly refused: number;
  readonly lastRefusal: string | undefined;
  /** Version of the last record. */
  readonly writtenWith: number;
  readonly ageMs: number;
  readonly notAfterWrite: number;
  readonly crlThisUpdate: number;
  readonly crlNextUpdate: number;
  /** How often each event was told. */
  readonly told: Readonly<Record<string, number>>;
  /** What failed last. */
  readonly failure: string;
}

const plan = JSON.parse(process.argv[2] as string) as ProviderPlan;
const { origin, trustedPem, client, line, cache, limitMs, crlGraceMs } = plan;
const connection = new ApiConnection({ origin, trustedPem, client, retry: { attempts: 1 } });
const provider = PKIKeyProvider.over(connection, { startSpreadMs: 0, kem: 'X25519', cache });
const told: Record<string, number> = {};
const names = ['stale', 'recovered', 'clockJump', 'security', 'failure', 'revoked'] as const;
for (const name of names satisfies readonly (keyof ProviderEvents)[]) {
  provider.events.on(name, () => {
    told[name] = (told[name] ?? 0) + 1;
  });
}
let failure = '';
provider.events.on('failure', ({ what, error }) => {
  failure = `${what}: ${error instanceof Error ? error.message : String(error)}`;
});

const primary = () => {
  const [status] = provider.status().lines;
  return status?.versions.find(({ id }) => id === status.primary);
};
const endMs = (): number => {
  const version = primary();
  if (version === undefined) return Number.NEGATIVE_INFINITY;
  return Math.min(version.notAfterWrite, (version.crlNextUpdate ?? 0) + crlGraceMs);
};
const encryptor = new RestlessEncryptor(provider, { line, limitMs, endMs });
await provider.bootstrap();
encryptor.start();
const reports = setInterval(() => {
  const version = primary();
  const { crl, condition } = provider.status();
  const { wrongs, refusals, done, version: writtenWith } = encryptor;
  const encryptions = { wrongs, done, writtenWith, refused: refusals.length, lastRefusal: refusals.at(-1) };
  const report: ProviderReport = {
    ...{ condition, told, failure, nowMs: Date.now() },
    ...encryptions,
    ageMs: version?.ageMs ?? Number.POSITIVE_INFINITY,
    notAfterWrite: version?.notAfterWrite ?? 0,
    crlThisUpdate: crl.thisUpdate ?? 0,
    crlNextUpdate: version?.crlNextUpdate ?? 0,
  };
  process.send?.(report);
}, 20);
process.on('message', (message: { readonly client?: ClientIdentity; readonly forget?: true; readonly stop?: true }) => {
  if (message.client !== undefined) connection.useIdentity(message.client);
  if (message.forget) encryptor.refusals.length = 0;
  if (!message.stop) return;
  clearInterval(reports);
  void encryptor
    .stop()
    .then(() => provider.close())
    .then(() => connection.close())
    .then(() => process.disconnect?.());
});
