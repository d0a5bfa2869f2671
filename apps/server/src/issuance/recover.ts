import { fromHex } from '@vcc-pki/asn1';
import { encodeRevokedEntry } from '@vcc-pki/x509';
import type { Clock } from '../clock.ts';
import { findUnsettledIntents, type Store, type UnsettledIntent } from '../store/index.ts';

/**
 * Settles intents that never became certificates, because a crash came between stops 5 and 6. Whether the CA key was used
 * is unknown, so each serial is listed as revoked: a signature that may exist is worth nothing.
 * @param options.instance settles this server's own, however young: it cannot be working on them, it has just started.
 * @param options.olderThan settles any server's that were recorded before this time, in milliseconds since the epoch.
 * @returns how many were settled.
 */
export async function settleIntents(
  { store, clock }: { store: Store; clock: Clock },
  options: { instance: string } | { olderThan: number },
): Promise<number> {
  let settled = 0;
  for (;;) {
    const intents = await findUnsettledIntents(store.read, { ...options, limit: batchSize });
    await Promise.all(intents.map((intent) => abandon(store, intent, clock.now())));
    settled += intents.length;
    if (intents.length < batchSize) return settled;
  }
}

/** Bounds memory; a crash leaves as many intents as requests were under way, which is rarely over a hundred. */
const batchSize = 500;

async function abandon(store: Store, intent: UnsettledIntent, now: number): Promise<void> {
  await store.ledger.submit('abandonIntent', {
    certificateId: intent.certificateId,
    entryDer: encodeRevokedEntry({ serialNumber: fromHex(intent.serialNumber), revokedAt: now }),
    now,
    audit: {
      timestamp: now,
      requestId: null,
      serviceId: intent.serviceId,
      action: 'settle',
      certificateId: intent.certificateId,
      clientIp: null,
      clientCertFingerprint: null,
      status: 'success',
      details: { serial_number: intent.serialNumber, why: 'recorded before a crash, not known to be signed' },
    },
  });
}
