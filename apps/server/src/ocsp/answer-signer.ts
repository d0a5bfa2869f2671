import { createHash } from 'node:crypto';
import {
  buildTbsResponseData,
  type CertId,
  encodeOcspNonce,
  encodeOcspResponse,
  type OcspCertStatus,
  ocspExtensionId,
  type RevocationReason,
  serialToHex,
} from '@vcc-pki/x509';
import type { Clock } from '../clock.ts';
import { type SerialStatus, type Store, statusOfSerial } from '../store/index.ts';
import type { OcspIssuer } from './ocsp-issuers.ts';
import type { OcspMetrics } from './ocsp-metrics.ts';
import { OcspRefusal } from './ocsp-refusal.ts';
import type { OcspQuestion } from './read-question.ts';
import type { ResponderCredential } from './responder-key.ts';

export interface AnswerSignerOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly metrics: OcspMetrics;
  /** From now to nextUpdate. */
  readonly validityMs: number;
  /** How far thisUpdate lies in the past, for relying parties whose clock is a little behind. */
  readonly backdateMs: number;
}

/** In milliseconds since the epoch, whole seconds. */
interface AnswerTimes {
  readonly producedAt: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** A signed answer and what it says. */
export interface SignedAnswer extends AnswerTimes {
  /** DER OCSPResponse. */
  readonly der: Uint8Array;
  /** SHA-256 of it, lower-case hex; `undefined` when it has a nonce and so is for one asker alone. */
  readonly sha256: string | undefined;
  /** One for each certificate asked about, in their order. */
  readonly statuses: readonly OcspCertStatus['type'][];
}

/**
 * Signatures that may be under way. They share four threads with issuing; more would make it wait for more than some
 * 20 ms, and who floods the responder is told to come back later.
 */
const maxPending = 512;

/** An unknown serial may be issued in a moment; nobody should remember for long that it was not. */
const unknownValidityMs = 300_000;

/** Looks up what the ledger knows and signs it, on a thread of libuv's. */
export class AnswerSigner {
  readonly #options: AnswerSignerOptions;
  #pending = 0;

  constructor(options: AnswerSignerOptions) {
    this.#options = options;
  }

  /** @throws {@link OcspRefusal} `tryLater` when too many signatures are under way, or there is no key to sign with. */
  async sign(issuer: OcspIssuer, question: OcspQuestion): Promise<SignedAnswer> {
    if (this.#pending >= maxPending) throw new OcspRefusal('tryLater', 'too many signatures are under way');
    this.#pending += 1;
    try {
      const statuses = await Promise.all(question.certIds.map((certId) => this.#statusOf(issuer, certId)));
      return await this.#signStatuses(await credentialOf(issuer), question, statuses);
    } finally {
      this.#pending -= 1;
    }
  }

  async #statusOf({ issuerId }: OcspIssuer, { serialNumber }: CertId): Promise<OcspCertStatus> {
    const { store } = this.#options;
    return toCertStatus(await statusOfSerial(store.read, { issuerId, serialNumber: serialToHex(serialNumber) }));
  }

  async #signStatuses(
    credential: ResponderCredential,
    { certIds, nonce }: OcspQuestion,
    statuses: readonly OcspCertStatus[],
  ): Promise<SignedAnswer> {
    const { metrics } = this.#options;
    const { signer, certificate, keyHash } = credential;
    const times = this.#timesOf(statuses, credential);
    const tbsResponseData = buildTbsResponseData({
      responderKeyHash: keyHash,
      producedAt: times.producedAt,
      responses: certIds.map((certId, i) => ({
        certId: certId.der,
        status: statuses[i] ?? { type: 'unknown' },
        ...times,
      })),
      extensions:
        nonce === undefined ? [] : [{ id: ocspExtensionId.nonce, critical: false, value: encodeOcspNonce(nonce) }],
    });
    const stopTimer = metrics.signSeconds.startTimer();
    const signature = await signer.sign(tbsResponseData);
    stopTimer();
    const { signatureAlgorithm } = signer;
    const der = encodeOcspResponse({ tbsResponseData, signatureAlgorithm, signature, certificates: [certificate] });
    const sha256 = nonce === undefined ? createHash('sha256').update(der).digest('hex') : undefined;
    return { der, sha256, statuses: statuses.map(({ type }) => type), ...times };
  }

  #timesOf(statuses: readonly OcspCertStatus[], { notAfter }: ResponderCredential): AnswerTimes {
    const { clock, validityMs, backdateMs } = this.#options;
    const now = clock.now();
    const revocations = statuses.map((status) => (status.type === 'revoked' ? status.revokedAt : 0));
    const isUnknown = statuses.some(({ type }) => type === 'unknown');
    return {
      producedAt: wholeSeconds(now),
      // Backdated, but never to before a revocation that it tells of.
      thisUpdate: wholeSeconds(Math.max(now - backdateMs, ...revocations)),
      // An answer ends with the certificate of its signer at the latest.
      nextUpdate: wholeSeconds(Math.min(now + (isUnknown ? unknownValidityMs : validityMs), notAfter)),
    };
  }
}

/** RFC 9919 s3.2.4: no fractions of seconds. */
function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

/** Why there is none has been told where it was to be made. */
async function credentialOf({ key }: OcspIssuer): Promise<ResponderCredential> {
  try {
    return await key.current();
  } catch (cause) {
    throw new OcspRefusal('tryLater', 'there is no responder certificate at the moment', { cause });
  }
}

/**
 * Good is only what the ledger knows as issued (RFC 6960 s2.2 would allow more). A serial that was never given out is
 * `unknown`, and so is one whose certificate is about to be signed: nobody has it yet. An abandoned one may have been
 * signed and is revoked.
 */
function toCertStatus(found: SerialStatus | undefined): OcspCertStatus {
  if (found === undefined || found.status === 'intent') return { type: 'unknown' };
  const { revokedAt, reason } = found;
  if (revokedAt === null) return { type: isIssued(found) ? 'good' : 'unknown' };
  // RFC 5280 s5.3.1: "unspecified" is said by leaving the reason out.
  if (reason === null || reason === 'unspecified') return { type: 'revoked', revokedAt };
  return { type: 'revoked', revokedAt, reason: reason as RevocationReason };
}

function isIssued({ status }: SerialStatus): boolean {
  return status === 'active' || status === 'expired';
}
