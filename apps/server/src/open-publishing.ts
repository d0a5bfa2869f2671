import { PkiError } from '@vcc-pki/api';
import { generalConflict, type PkiConfig } from './config/index.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import type { Log } from './log.ts';
import { CrlExport } from './revocation/crl-export.ts';
import { createCrlMetrics } from './revocation/crl-metrics.ts';
import { CrlPublisher } from './revocation/crl-publisher.ts';
import type { CrlTimes } from './revocation/crl-schedule.ts';
import { scopeKind } from './revocation/crl-scope.ts';
import { settleCrlShards } from './revocation/settle-crl-shards.ts';

const hourMs = 3_600_000;

/** What puts the CRLs of the server's issuer where relying parties find them. */
export interface Publishing {
  readonly publisher: CrlPublisher;
  /** Has everything published that is missing or due, and goes on. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Settles the number of shards, and gets ready to publish. @throws `ConfigError` when the CA was made with another number. */
export async function openPublishing(config: PkiConfig, issuance: IssuanceDeps, log: Log): Promise<Publishing> {
  const { issuer, rules } = issuance;
  await settleShards(config, issuance);
  const publisher: CrlPublisher = new CrlPublisher({
    ...issuance,
    instance: rules.instance,
    times: timesOf(config),
    onPublished: (scope, tookMs) => {
      metrics.publications.inc({ scope: scopeKind(scope), outcome: 'published' });
      metrics.publicationSeconds.observe({ scope: scopeKind(scope) }, tookMs / 1000);
    },
    onFailure: (scope, failures, error) => {
      metrics.publications.inc({ scope: scopeKind(scope), outcome: 'failed' });
      log.error({ err: error, scope, failures }, 'a CRL could not be published; the last good one stays');
    },
    onUnusable: ({ scope, number, issuerId }, error) =>
      log.error({ err: error, scope, number, issuerId }, 'a CRL in the ledger is not served; the last good one stays'),
    onBlind: (error) => log.error({ err: error }, 'the ledger could not be asked for new CRLs and revocations'),
  });
  const { served } = publisher;
  const metrics = createCrlMetrics(issuance.metrics.registry, { served, issuer });
  const folder = config.security.crlExportFolder;
  const onFailure = (path: string, error: unknown) => log.error({ err: error, path }, 'a file could not be exported');
  const exported = folder === undefined ? undefined : new CrlExport({ folder, issuer, served, onFailure });
  return {
    publisher,
    start: async () => {
      exported?.start();
      await publisher.start();
    },
    close: async () => {
      await publisher.close();
      await exported?.close();
    },
  };
}

async function settleShards({ directory, security }: PkiConfig, { store, issuer }: IssuanceDeps): Promise<void> {
  try {
    await settleCrlShards(store, issuer);
  } catch (error) {
    if (!(error instanceof PkiError) || error.code !== 'conflict') throw error;
    const made = error.extra['shards'];
    throw await generalConflict(
      directory,
      ['security', 'crl_shards'],
      `${security.crlShards}, but this CA was made with ${made}, and its certificates name those shards; another number takes a new intermediate CA`,
    );
  }
}

function timesOf({ security, serviceCertificates }: PkiConfig): CrlTimes {
  return {
    validityMs: security.crlValidityHours * hourMs,
    updateIntervalMs: security.crlUpdateIntervalHours * hourMs,
    backdateMs: serviceCertificates.backdateSeconds * 1000,
    fullMinGapMs: security.crlFullMinGapSeconds * 1000,
  };
}
