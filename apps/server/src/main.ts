import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type App, buildApp } from './app.ts';
import { loadConfig } from './config/index.ts';
import { openEnrolment } from './enrolment-rules.ts';
import { startHousekeeping } from './housekeeping.ts';
import { closeListener, replaceTls } from './http/create-listener.ts';
import { createLedgerMetrics } from './ledger-metrics.ts';
import { createLog } from './log.ts';
import { openParts, recordLifetimes } from './open-parts.ts';
import { openRegistry } from './open-registry.ts';
import { openRotation } from './open-rotation.ts';
import { openWebhooks } from './open-webhooks.ts';
import { createReadiness } from './readiness.ts';
import type { RunningServer, ServerOptions } from './server-options.ts';
import { version } from './version.ts';

/**
 * Starts the server of an initialised folder, and listens only when everything is in order.
 * @throws `ConfigError`, `SignerError` (wrong passphrase), and what opening the database or a port throws.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const config = await loadConfig(options.directory, options);
  const { pkiServer, rootCa } = config;
  const log = createLog(pkiServer.logLevel, options.logTo);
  const parts = await openParts(options, config, log);
  const { issuance, publisher, own, ocsp } = parts;
  const apiName = `https://${pkiServer.dnsNames[0]}`;
  const apiUrl = `${apiName}:${pkiServer.port}`;
  const registry = openRegistry(config, { issuance, outbound: parts.outbound, tls: () => own.tls, log });
  const app = await buildApp({
    ...issuance,
    ...parts.feed,
    snapshots: parts.snapshots.snapshots,
    ...openEnrolment(config, { clock: options.clock, serverUrl: apiUrl }),
    outbound: parts.outbound,
    box: parts.box,
    keks: parts.keks,
    noteSeen: registry.noteSeen,
    publisher,
    ocsp,
    log,
    version,
    apiUrl,
    tls: own.tls,
    maxBodyBytes: pkiServer.maxBodyBytes,
    requestTimeoutMs: pkiServer.requestTimeoutSeconds * 1000,
    readiness: createReadiness({ ...issuance, publisher }),
    refreshMetrics: createLedgerMetrics(issuance.metrics, issuance),
  });
  const webhooks = openWebhooks(config, { ...parts, log });
  const rotation = openRotation(config, parts, log);
  options.extend?.(app, { ...issuance, ocsp });
  const stopHousekeeping = startHousekeeping({
    ...issuance,
    intervalMs: options.housekeepingIntervalMs,
    log,
    renewOwnCertificates: async () => {
      await ocsp?.renewIfDue();
      if (!own.isDue) return;
      await own.renew();
      replaceTls(app.api, own.tls);
      recordLifetimes(issuance, own);
    },
    lookAfterRenewals: () => rotation.round(),
  });
  const close = async (): Promise<void> => {
    stopHousekeeping();
    // Open feeds never end by themselves.
    parts.feed.feed.close();
    await closeListeners(app);
    await registry.close();
    await webhooks.close();
    await rotation.close();
    await parts.close();
  };
  try {
    await app.api.listen({ host: pkiServer.host, port: pkiServer.port });
    await app.public.listen({ host: pkiServer.publicHost, port: pkiServer.publicPort });
    if (pkiServer.metricsPort !== undefined)
      await app.metrics.listen({ host: '127.0.0.1', port: pkiServer.metricsPort });
    registry.start();
    webhooks.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    apiUrl: `${apiName}:${portOf(app.api)}`,
    publicUrl: `http://${pkiServer.dnsNames[0]}:${portOf(app.public)}`,
    rootFingerprint: createHash('sha256').update(issuance.issuer.rootCertificate.der).digest('hex'),
    rootKeyPresent: await access(rootCa.keyFile).then(
      () => true,
      () => false,
    ),
    close,
  };
}

async function closeListeners(app: App): Promise<void> {
  await Promise.all([app.api, app.public, app.metrics].map(closeListener));
}

function portOf(listener: FastifyInstance): number {
  return (listener.server.address() as AddressInfo).port;
}
