import { hostname } from 'node:os';
import { loadIssuer } from './authority/load-issuer.ts';
import { type PkiConfig, policyDefaults } from './config/index.ts';
import { databaseUrl } from './database-url.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import { settleIntents } from './issuance/recover.ts';
import { toIssuanceRules } from './issuance-rules.ts';
import type { KekDeps } from './keks/deps.ts';
import { loadKekRoot } from './keks/kek-root.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { OcspResponder } from './ocsp/ocsp-responder.ts';
import { type OpenFeed, openFeed } from './open-feed.ts';
import { openKeks } from './open-keks.ts';
import { openOcsp } from './open-ocsp.ts';
import { openPublishing, type Publishing } from './open-publishing.ts';
import { type OpenSnapshots, openSnapshots } from './open-snapshots.ts';
import { OwnCertificate, ownCertificateOptions } from './own-certificate.ts';
import { createOutboundPolicy, createPolicy, type OutboundPolicy } from './policy/index.ts';
import type { CrlPublisher } from './revocation/crl-publisher.ts';
import type { ServerOptions } from './server-options.ts';
import { prepareStore } from './store/index.ts';
import { SecretBox } from './webhooks/secret-box.ts';

/** What a server stands on before it listens. */
export interface Parts {
  readonly issuance: IssuanceDeps;
  readonly publisher: CrlPublisher;
  readonly own: OwnCertificate;
  /** `undefined` while OCSP is switched off. */
  readonly ocsp: OcspResponder | undefined;
  readonly feed: OpenFeed;
  readonly snapshots: OpenSnapshots;
  readonly keks: KekDeps;
  /** Where the server may call when others name the address. */
  readonly outbound: OutboundPolicy;
  /** Seals the secrets of webhooks. */
  readonly box: SecretBox;
  close(): Promise<void>;
}

/** Unlocks the CA, opens the ledger, settles what a crash left, and brings CRL and own certificate up to date. */
export async function openParts(options: ServerOptions, config: PkiConfig, log: Log): Promise<Parts> {
  const { pkiServer, security } = config;
  const metrics = createMetrics();
  const prepared = prepareStore({
    url: databaseUrl(config),
    observer: {
      committed: ({ durationMs }) => metrics.ledgerCommitSeconds.observe(durationMs / 1000),
      failed: (error) => log.error({ err: error }, 'the ledger failed'),
      migrating: (missing) =>
        log.info({ missing }, 'bringing the ledger up to date; with a million certificates it takes a minute'),
    },
  });
  const issuer = await orUndo(
    () => prepared.discard(),
    () =>
      loadIssuer({
        rootCertificate: config.rootCa.certFile,
        certificate: config.intermediateCa.certFile,
        key: config.intermediateCa.keyFile,
        passphrase: options.passphrase,
        publicUrl: pkiServer.publicUrl,
        crlShards: security.crlShards,
        ocspEnabled: config.ocsp.enabled,
      }),
  );
  // Opened while the ledger is: the derivation from the passphrase takes its time on another thread.
  const kekRoot = loadKekRoot({ path: config.keks.rootKeyFile, passphrase: options.passphrase });
  kekRoot.catch(() => undefined);
  const store = await prepared.open();
  return orUndo(
    () => store.close(),
    async () => {
      const instance = `${hostname()}:${pkiServer.port}`;
      const issuance: IssuanceDeps = {
        clock: options.clock,
        store,
        issuer,
        metrics,
        policy: createPolicy(config.whitelist, policyDefaults(config)),
        rules: toIssuanceRules(config, instance),
        faultPoint: options.faultPoint ?? (() => undefined),
      };
      const publishing = await openPublishing(config, issuance, log);
      const settled = await settleIntents(issuance, { instance });
      if (settled > 0) log.warn({ settled }, 'settled issuances that a crash had cut off');
      // Signatures for those may exist, so relying parties hear of them before anything else happens.
      await publishing.start();
      const own = await OwnCertificate.load(ownCertificateOptions(config, issuance));
      recordLifetimes(issuance, own);
      const ocsp = await openOcsp(config, issuance, log);
      const { publisher } = publishing;
      const feed = await openFeed(config, issuance, log);
      const snapshots = await openSnapshots(config, issuance, { ocsp, feed: feed.feed, log });
      const outbound = createOutboundPolicy(config.outbound);
      const closeAll = async (): Promise<void> => {
        await snapshots.close();
        await feed.close();
        await close(issuance, publishing, ocsp);
      };
      const keks = openKeks(config, issuance, { root: await kekRoot, signing: snapshots.credential });
      const box = new SecretBox(await kekRoot);
      return { issuance, publisher, own, ocsp, feed, snapshots, keks, outbound, box, close: closeAll };
    },
  );
}

/** What was begun before `open` must not stay when that fails. */
async function orUndo<T>(undo: () => Promise<void>, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await undo();
    throw error;
  }
}

async function close(
  { store, issuer }: IssuanceDeps,
  publishing: Publishing,
  ocsp: OcspResponder | undefined,
): Promise<void> {
  await ocsp?.close();
  await publishing.close();
  await store.close();
  await issuer.signer.close();
}

/** Ends of validity as gauges, so that an alert rule sees them coming. */
export function recordLifetimes({ metrics, issuer }: IssuanceDeps, own: OwnCertificate): void {
  const seconds = (timeMs: number): number => timeMs / 1000;
  const { certificate, rootCertificate, commonName } = issuer;
  metrics.issuerNotAfter.set({ issuer: 'root', role: 'root' }, seconds(rootCertificate.validity.notAfter));
  metrics.issuerNotAfter.set({ issuer: commonName, role: 'intermediate' }, seconds(certificate.validity.notAfter));
  metrics.serverCertificateNotAfter.set(seconds(own.notAfter));
}
