import { createHash } from 'node:crypto';
import { PkiError } from '@vcc-pki/api';
import { type CertListFrame, parseCertificateList, updateInSlices } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import { isSignedBy } from '../authority/linted-entries.ts';
import { proofreadCertList } from '../authority/proofread-cert-list.ts';
import { signLinted } from '../authority/sign-linted.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics.ts';
import type { CrlLease, PublishedCrl, Store } from '../store/index.ts';
import type { CrlContents } from './crl-contents.ts';
import { type CrlScopePlan, crlFrame } from './crl-frame.ts';
import type { CrlTimes } from './crl-schedule.ts';
import type { ServedCrl, ServedCrls } from './served-crls.ts';

export interface CrlPressOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly issuer: Issuer;
  readonly metrics: Pick<Metrics, 'signerSeconds'>;
  readonly served: ServedCrls;
  readonly times: CrlTimes;
  /** Names this server among those that share the ledger. */
  readonly instance: string;
  /** For how long others leave a CRL to this server, should it not come back. */
  readonly leaseMs: number;
}

/** A CRL up to its signature. */
export interface CrlDraft extends CrlContents {
  readonly frame: CertListFrame;
  /** When the list was read from the ledger as a whole. */
  readonly readAt: number;
  /** Of a delta CRL. */
  readonly baseNumber?: number;
}

/** One CRL to be published. */
export interface CrlOrder {
  readonly scope: string;
  /** Asked again under the lease, when whatever another server did meanwhile is served here too. */
  readonly isNeeded: () => Promise<boolean>;
  /** @param frameOf puts everything but the entries together. */
  readonly draft: (frameOf: (plan: CrlScopePlan) => CertListFrame) => Promise<CrlDraft>;
}

/** `held`: another server is at it. `notNeeded`: another server has done it. */
export type PressOutcome = 'published' | 'held' | 'notNeeded';

/** Octets that go to the ledger in one transaction, so that others wait for milliseconds at most. */
const partOctets = 2 ** 20;

/** The DER of so many CRLs of a scope stays in the ledger: a server that is about to read the last one still finds it. */
const keptCrls = 2;

/**
 * Makes a CRL and publishes it, in the stops of an issuance: drafted, proofread, its number settled in the ledger, signed,
 * recorded. It replaces the last good one only when its signature verifies and the ledger has it.
 *
 * @throws whatever went wrong; nothing is then published, and the lease is given back.
 */
export async function publishCrl(options: CrlPressOptions, order: CrlOrder): Promise<PressOutcome> {
  const { store, issuer, clock } = options;
  const place = { issuerId: issuer.issuerId, scope: order.scope, owner: options.instance };
  const now = clock.now();
  const lease = await store.ledger.submit('takeCrlLease', { ...place, now, leasedUntil: now + options.leaseMs });
  if (!lease.taken) return 'held';
  try {
    if (await order.isNeeded()) {
      options.served.replace(await print(options, order, lease));
      return 'published';
    }
  } catch (error) {
    // If even that fails it runs out by itself, and what went wrong first is what matters.
    await store.ledger.submit('releaseCrlLease', place).catch(() => undefined);
    throw error;
  }
  await store.ledger.submit('releaseCrlLease', place);
  return 'notNeeded';
}

async function print(options: CrlPressOptions, order: CrlOrder, { number }: CrlLease): Promise<ServedCrl> {
  const { issuer, times, metrics } = options;
  const now = options.clock.now();
  const dates = { thisUpdate: now - times.backdateMs, nextUpdate: now + times.validityMs };
  const draft = await order.draft((scope) => crlFrame(issuer, { scope, number, ...dates }));
  const { linted, entries } = await proofreadCertList(draft.frame, draft.parts, issuer);
  const stopTimer = metrics.signerSeconds.startTimer({ object: 'crl' });
  const { der } = await signLinted(issuer, linted);
  stopTimer();
  await checkSignature(der, issuer);
  const crl = {
    ...{ issuerId: issuer.issuerId, scope: order.scope, number, ...dates },
    ...{ revision: draft.revision, entries: entries.count, readAt: draft.readAt, baseNumber: draft.baseNumber ?? null },
    sha256: await sha256(der),
  };
  return { ...(await record(options, crl, der)), der, list: entries };
}

/** A key that signs wrongly (a broken module, a wrong key) must not replace a good CRL by one that nobody accepts. */
async function checkSignature(der: Uint8Array, issuer: Issuer): Promise<void> {
  if (await isSignedBy(parseCertificateList(der), issuer.certificate.subjectPublicKeyInfo.der)) return;
  throw new PkiError('notReady', "the CA key's signature does not verify with the CA's certificate");
}

async function sha256(der: Uint8Array): Promise<string> {
  return (await updateInSlices(createHash('sha256'), der)).digest('hex');
}

async function record(
  { store, clock, instance }: CrlPressOptions,
  crl: Omit<PublishedCrl, 'sequence' | 'publishedAt'>,
  der: Uint8Array,
): Promise<PublishedCrl> {
  const now = clock.now();
  let part = 0;
  // Copied, because what goes to another thread takes along all of the memory that it is a view of.
  for (; (part + 1) * partOctets < der.length; part += 1) {
    const slice = der.slice(part * partOctets, (part + 1) * partOctets);
    await store.ledger.submit('storeCrlPart', { ...crl, part, der: slice, keep: keptCrls });
  }
  return store.ledger.submit('publishCrl', {
    ...crl,
    ...{ part, der: der.slice(part * partOctets), owner: instance, now, keep: keptCrls },
    audit: auditOf(crl, now),
  });
}

function auditOf(
  { issuerId, scope, number, sha256, entries }: Omit<PublishedCrl, 'sequence' | 'publishedAt'>,
  timestamp: number,
) {
  return {
    timestamp,
    requestId: null,
    serviceId: null,
    action: 'publish-crl',
    certificateId: null,
    clientIp: null,
    clientCertFingerprint: null,
    status: 'success' as const,
    details: { issuer_id: issuerId, scope, number, sha256, entries },
  };
}
