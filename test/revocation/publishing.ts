import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RevocationReason } from '@vcc-pki/api';
import { encodePem, fromHex } from '@vcc-pki/asn1';
import type { Clock } from '@vcc-pki/server';
import type { Signer } from '@vcc-pki/signer';
import { encodeRevokedEntry, parseCertificateList, serialToHex } from '@vcc-pki/x509';
import type { Issuer } from '../../apps/server/src/authority/issuer.ts';
import { publicationUrls, toIssuer } from '../../apps/server/src/authority/load-issuer.ts';
import { createIntermediate, createRoot } from '../../apps/server/src/init/hierarchy.ts';
import { createMetrics } from '../../apps/server/src/metrics.ts';
import { CrlPublisher, type CrlPublisherOptions } from '../../apps/server/src/revocation/crl-publisher.ts';
import type { ServedCrl } from '../../apps/server/src/revocation/served-crls.ts';
import type { Store } from '../../apps/server/src/store/index.ts';
import { anIssuer, aRevocation, issue } from '../store/ledger-inputs.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { dayMs, hourMs } from '../support/manual-clock.ts';

const publicUrl = 'http://pki.test:8080';

/** A CA below a root, its keys in memory. */
export async function newIssuer(crlShards: number, now: number = Date.now()): Promise<Issuer> {
  const urls = {
    crlUrl: (id: string) => publicationUrls(publicUrl, id).crlUrl,
    caIssuersUrl: (id: string) => publicationUrls(publicUrl, id).caIssuersUrl,
  };
  const ceremony = { now, backdateMs: 60_000, urls };
  const planOf = (value: string) => ({
    subject: [{ type: 'commonName', value }] as const,
    keyType: 'P-256' as const,
    validityYears: 5,
  });
  const root = await createRoot({ ...planOf('Test Root'), pathLenConstraint: 1 }, ceremony);
  const { certificate, signer } = await createIntermediate(
    { ...planOf('Test CA'), pathLenConstraint: 0 },
    root,
    ceremony,
  );
  const rootCertificate = root.certificate;
  return toIssuer({ certificate, rootCertificate, signer, publicUrl, crlShards, ocspEnabled: false });
}

/** Tells the ledger of the CA. */
export async function recordIssuer(store: Store, issuer: Issuer): Promise<void> {
  await store.ledger.submit(
    'recordIssuer',
    anIssuer({
      issuerId: issuer.issuerId,
      certificatePem: encodePem('CERTIFICATE', issuer.certificate.der),
      fingerprintSha256: randomBytes(32).toString('hex'),
      crlShards: issuer.crlShards,
    }),
  );
}

export interface TestPublisher {
  readonly publisher: CrlPublisher;
  /** Scopes in the order in which this server published them. */
  readonly published: string[];
  readonly failures: { scope: string; failures: number; error: unknown }[];
  /** Scope and number of CRLs in the ledger that it refused to serve. */
  readonly unusable: string[];
  crl(scope: string): ServedCrl;
  /** Waits for something that its look at the ledger or the clock brings about. */
  until(what: string, isSo: () => boolean): Promise<void>;
}

/** A publisher that is closed after the test. */
export async function startPublisher(
  t: Lifetime,
  parts: { store: Store; issuer: Issuer; clock: Clock; signer?: Signer } & Partial<
    Pick<CrlPublisherOptions, 'instance' | 'leaseMs' | 'times'>
  >,
): Promise<TestPublisher> {
  const published: string[] = [];
  const failures: TestPublisher['failures'] = [];
  const unusable: string[] = [];
  const issuer = { ...parts.issuer, ...(parts.signer && { signer: parts.signer }) };
  const publisher = new CrlPublisher({
    times: { validityMs: dayMs, updateIntervalMs: 6 * hourMs, backdateMs: 60_000, fullMinGapMs: 10 },
    instance: 'server-1',
    ...parts,
    issuer,
    metrics: createMetrics(),
    onPublished: (scope) => published.push(scope),
    onFailure: (scope, count, error) => failures.push({ scope, failures: count, error }),
    onUnusable: ({ scope, number }) => unusable.push(`${scope} ${number}`),
    onBlind: (error) => failures.push({ scope: 'ledger', failures: 1, error }),
  });
  t.after(() => publisher.close());
  await publisher.start();
  const crl = (scope: string): ServedCrl => {
    const served = publisher.served.get(issuer.issuerId, scope);
    if (served === undefined) throw new Error(`there is no CRL ${scope}`);
    return served;
  };
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    for (let tries = 0; !isSo(); tries += 1) {
      if (tries === 600) throw new Error(`not after 30 s: ${what}`);
      await publisher.look();
      await sleep(50);
    }
  };
  return { publisher, published, failures, unusable, crl, until };
}

export interface Revoked {
  readonly certificateId: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly shard: number;
  readonly revision: number;
}

/** Issues a certificate whose serial number belongs into a shard, and revokes it in the ledger; no publisher is told. */
export async function revokeIn(
  store: Store,
  issuer: Issuer,
  options: { shard: number; now: number; notAfter?: number },
): Promise<Revoked> {
  const { shard, now, notAfter = now + 30 * dayMs } = options;
  const tail = shard + issuer.crlShards * (randomBytes(2).readUInt16BE(0) + 1);
  const serialNumber = `45${randomBytes(13).toString('hex')}${tail.toString(16).padStart(8, '0')}`;
  const { certificateId } = await issue(store, { issuerId: issuer.issuerId, serialNumber, notAfter, now });
  return {
    certificateId,
    serialNumber,
    ...(await revokeAgain(store, { certificateId, serialNumber }, 'superseded', now)),
  };
}

/** Revokes, or changes the reason to keyCompromise. */
export async function revokeAgain(
  store: Store,
  { certificateId, serialNumber }: Pick<Revoked, 'certificateId' | 'serialNumber'>,
  reason: RevocationReason,
  now: number,
): Promise<Pick<Revoked, 'shard' | 'revision'>> {
  const entryDer = encodeRevokedEntry({ serialNumber: fromHex(serialNumber), revokedAt: now, reason });
  const { shard, revision } = await store.ledger.submit(
    'recordRevocation',
    aRevocation(certificateId, { reason, entryDer, now }),
  );
  return { shard, revision };
}

/** The serial numbers that a CRL lists, in order. */
export function serialsOf(crl: { readonly der: Uint8Array }): string[] {
  return [...parseCertificateList(crl.der).entries()].map(({ serialNumber }) => serialToHex(serialNumber));
}
