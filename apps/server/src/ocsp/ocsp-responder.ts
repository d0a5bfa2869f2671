import { encodeOcspErrorResponse, type OcspErrorStatus, ocspErrorStatuses, serialToHex } from '@vcc-pki/x509';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/index.ts';
import { AnswerCache, type AnswerKey } from './answer-cache.ts';
import { AnswerSigner, type SignedAnswer } from './answer-signer.ts';
import { type OcspIssuer, OcspIssuers } from './ocsp-issuers.ts';
import type { OcspMetrics } from './ocsp-metrics.ts';
import { OcspRefusal } from './ocsp-refusal.ts';
import { parseOcspUrl } from './ocsp-url.ts';
import { type OcspQuestion, readQuestion } from './read-question.ts';
import { type IssuedSerial, RevocationWatch } from './revocation-watch.ts';

export interface OcspResponderOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly metrics: OcspMetrics;
  readonly issuers: readonly OcspIssuer[];
  /** From the making of an answer to its nextUpdate. */
  readonly validityMs: number;
  /** How far thisUpdate lies in the past. */
  readonly backdateMs: number;
  /** Certificates whose answers are kept in memory. */
  readonly cacheEntries: number;
  /** Told what nobody can do anything about but the operator. */
  readonly onFailure: (error: unknown, what: string) => void;
}

/** What a request is answered with: always a DER OCSPResponse, be it an error. */
export interface OcspAnswer {
  readonly der: Uint8Array;
  /** Given when everybody who asks the same may get the same answer, until its nextUpdate. */
  readonly caching?: { readonly sha256: string } & Pick<SignedAnswer, 'thisUpdate' | 'nextUpdate'>;
}

/** Requests are small; beyond this they are not read. Ten CertIDs with SHA-512, a nonce and a signature fit. */
export const maxOcspRequestBytes = 8192;

/** Clients write some 200 characters; what is much longer is not worth the memory. */
const maxRecognizedUrl = 512;

const errorAnswers = new Map(
  (Object.keys(ocspErrorStatuses) as OcspErrorStatus[]).map((status) => [status, encodeOcspErrorResponse(status)]),
);

/** Answers OCSP requests about the certificates of our issuers (RFC 6960, profile RFC 9919). */
export class OcspResponder {
  readonly #options: OcspResponderOptions;
  /** Those that it answers for. */
  readonly issuers: readonly OcspIssuer[];
  readonly #issuers: OcspIssuers;
  readonly #signer: AnswerSigner;
  readonly #cache: AnswerCache;
  /** URLs that were answered, and where their answers are kept. */
  readonly #recognized: LRUCache<string, AnswerKey>;
  readonly #watch: RevocationWatch;

  constructor(options: OcspResponderOptions) {
    this.#options = options;
    this.issuers = options.issuers;
    this.#issuers = new OcspIssuers(options.issuers);
    this.#signer = new AnswerSigner(options);
    this.#cache = new AnswerCache({
      maxCertificates: options.cacheEntries,
      // What is unknown is asked again each time: it may be issued in a moment.
      isUsable: (answer) => !answer.statuses.includes('unknown') && options.clock.now() < freshUntil(answer),
    });
    this.#recognized = new LRUCache({ max: options.cacheEntries });
    this.#watch = new RevocationWatch({
      store: options.store,
      issuerIds: options.issuers.map(({ issuerId }) => issuerId),
      onRevoked: (serial) => this.forget(serial),
      onFailure: (error) => options.onFailure(error, 'revocations of other servers cannot be seen'),
    });
  }

  /** Gets a responder certificate of each issuer and begins to watch for revocations. Without a certificate it answers `tryLater`. */
  async start(): Promise<void> {
    await this.#watch.start();
    await this.renewIfDue();
  }

  /** Replaces responder certificates whose time has come; requests are answered meanwhile. */
  async renewIfDue(): Promise<void> {
    await Promise.all(this.issuers.map(({ key }) => key.renewIfDue()));
  }

  /** Forgets the answers about a serial number, because its status has changed. */
  forget({ issuerId, serialNumber }: IssuedSerial): void {
    this.#cache.forget(`${issuerId}/${serialNumber}`);
  }

  /**
   * Answers a request; never throws.
   * @param request DER OCSPRequest.
   * @param issuerId of the only issuer that is answered for; any of ours when `undefined`.
   */
  answer(request: Uint8Array, issuerId?: string): Promise<OcspAnswer> {
    return this.#answer(request, { issuerId });
  }

  /**
   * Answers a request in a URL, see {@link parseOcspUrl}; never throws. A URL that was answered before is recognized
   * without being read again.
   */
  async answerUrl(url: string): Promise<OcspAnswer> {
    const kept = this.#recognize(url);
    if (kept !== undefined) return this.#give(kept);
    const { issuerId, request } = parseOcspUrl(url);
    return request === undefined ? this.refuse('malformedRequest') : this.#answer(request, { issuerId, url });
  }

  /** The answer to what is no request, or cannot be answered. */
  refuse(status: OcspErrorStatus): OcspAnswer {
    this.#options.metrics.answers.inc({ result: status });
    return { der: errorAnswers.get(status) as Uint8Array };
  }

  async close(): Promise<void> {
    await this.#watch.close();
    await Promise.all(this.issuers.map(({ key }) => key.close()));
  }

  async #answer(
    request: Uint8Array,
    { issuerId, url }: { issuerId: string | undefined; url?: string },
  ): Promise<OcspAnswer> {
    try {
      const question = readQuestion(request);
      return this.#give(await this.#ask(this.#issuerOf(question, issuerId), question, url));
    } catch (error) {
      if (error instanceof OcspRefusal) return this.refuse(error.status);
      this.#options.onFailure(error, 'an OCSP request could not be answered');
      return this.refuse('internalError');
    }
  }

  /** RFC 9919 s3.2.3: unauthorized is what is said about certificates of others. */
  #issuerOf({ certIds }: OcspQuestion, issuerId: string | undefined): OcspIssuer {
    const [issuer, ...others] = certIds.map((certId) => this.#issuers.find(certId));
    if (issuer === undefined || others.some((other) => other !== issuer)) {
      // One answer has one signer, and each signer speaks for one issuer.
      throw new OcspRefusal('unauthorized', 'not all of the certificates are those of one issuer here');
    }
    if (issuerId !== undefined && issuerId !== issuer.issuerId) {
      throw new OcspRefusal('unauthorized', 'asked at the address of another issuer');
    }
    return issuer;
  }

  async #ask(issuer: OcspIssuer, question: OcspQuestion, url: string | undefined): Promise<SignedAnswer> {
    const { metrics } = this.#options;
    const sign = (): Promise<SignedAnswer> => this.#signer.sign(issuer, question);
    const key = keyOf(issuer, question);
    if (key === undefined) {
      metrics.cache.inc({ outcome: 'bypass' });
      return sign();
    }
    const kept = this.#cache.find(key);
    metrics.cache.inc({ outcome: kept === undefined ? 'miss' : 'hit' });
    const answer = kept ?? (await this.#cache.make(key, sign));
    if (url !== undefined && url.length <= maxRecognizedUrl) this.#recognized.set(url, key);
    return answer;
  }

  #recognize(url: string): SignedAnswer | undefined {
    const key = this.#recognized.get(url);
    const kept = key === undefined ? undefined : this.#cache.find(key);
    if (kept !== undefined) this.#options.metrics.cache.inc({ outcome: 'hit' });
    return kept;
  }

  #give(answer: SignedAnswer): OcspAnswer {
    for (const result of answer.statuses) this.#options.metrics.answers.inc({ result });
    const { der, sha256, thisUpdate, nextUpdate } = answer;
    return sha256 === undefined ? { der } : { der, caching: { sha256, thisUpdate, nextUpdate } };
  }
}

/** Where the answer to a question is kept; `undefined` when it is for one asker alone, or about several certificates. */
function keyOf({ issuerId }: OcspIssuer, { certIds, nonce }: OcspQuestion): AnswerKey | undefined {
  const [certId, ...others] = certIds;
  if (certId === undefined || others.length > 0 || nonce !== undefined) return undefined;
  // With the hash known, the length tells whether the CertID has parameters.
  const form = `${certId.hash}${certId.der.length}`;
  return { certificate: `${issuerId}/${serialToHex(certId.serialNumber)}`, form };
}

/** A kept answer is given until half of its life is over: whoever gets it can use it for the other half at least. */
function freshUntil({ producedAt, nextUpdate }: SignedAnswer): number {
  return producedAt + (nextUpdate - producedAt) / 2;
}
