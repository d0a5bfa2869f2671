import type { Server } from 'node:tls';
import { parsePem } from '@vcc-pki/asn1';
import {
  accessMethod,
  type Certificate,
  decodeExtension,
  encodeCertId,
  encodeOcspRequest,
  extensionId,
  hashIssuer,
  parseAuthorityInfoAccess,
  parseCertificate,
  type RevocationSource,
  verifyCertificationPath,
} from '@vcc-pki/x509';
import { request } from 'undici';
import { ClientError } from '../client-error.ts';
import type { Clock } from '../clock.ts';
import type { KeptCertificate } from '../keeper/kept-certificate.ts';

/** An answer about our own certificate that was verified; times in milliseconds since the epoch. */
interface StapledAnswer {
  readonly der: Buffer;
  readonly of: string;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** A handshake waits so long for an answer that is on its way; without one it goes on unstapled. */
const handshakeWaitMs = 500;
const fetchTimeoutMs = 10_000;
/** RFC 6960 answers are a few kilobytes with the certificate of their responder. */
const maxAnswerBytes = 65_536;
/** After a failure. */
const retryMs = 30_000;
/** setTimeout knows no longer ones than 24.8 days; a sleep of the machine is found sooner this way, too. */
const longestNapMs = 600_000;

/**
 * Keeps an OCSP answer about the certificate in use at hand, fetched anew at half of its life, and staples it for servers
 * (RFC 6066 s8). Answers are signed and come over plain HTTP (RFC 5280 s8); one that does not verify is not shown.
 */
export class OcspStapling {
  readonly #current: () => KeptCertificate;
  readonly #clock: Clock;
  readonly #failed: (error: Error) => void;
  #answer: StapledAnswer | undefined;
  #fetching: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;

  constructor(current: () => KeptCertificate, clock: Clock, failed: (error: Error) => void) {
    this.#current = current;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** Until when the answer at hand counts, milliseconds since the epoch; undefined without one. */
  get goodUntil(): number | undefined {
    return this.#answer?.nextUpdate;
  }

  /** Staples for a server from now on; asked for by clients alone. */
  serve(server: Server): () => void {
    const respond = (_certificate: Buffer, _issuer: Buffer, callback: (error: Error | null, der: Buffer) => void) => {
      void this.#answerNow().then((der) => callback(null, der as Buffer));
    };
    server.on('OCSPRequest', respond);
    this.refresh();
    return () => server.off('OCSPRequest', respond);
  }

  /** Fetches if it is time to, and comes back by itself when it is time again. */
  refresh(): void {
    clearTimeout(this.#timer);
    const isDue = this.#clock.now() >= this.#dueAt || this.#answer?.of !== this.#current().fingerprintSha256;
    if (isDue)
      this.#fetching ??= this.#fetch().finally(() => {
        this.#fetching = undefined;
      });
    const napMs = Math.min(longestNapMs, Math.max(1000, this.#dueAt - this.#clock.now()));
    this.#timer = setTimeout(() => this.refresh(), isDue ? retryMs : napMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** RFC 6066 s8: no answer is an allowed answer. */
  async #answerNow(): Promise<Buffer | null> {
    const { fingerprintSha256 } = this.#current();
    if (this.#answer?.of !== fingerprintSha256 && this.#fetching !== undefined) {
      await Promise.race([this.#fetching, new Promise((resolve) => setTimeout(resolve, handshakeWaitMs).unref())]);
    }
    const answer = this.#answer;
    return answer?.of === fingerprintSha256 && this.#clock.now() <= answer.nextUpdate ? answer.der : null;
  }

  async #fetch(): Promise<void> {
    const kept = this.#current();
    try {
      const answer = await fetchAnswer(kept, this.#clock.now());
      this.#answer = answer;
      this.#dueAt = answer === undefined ? Number.POSITIVE_INFINITY : (answer.thisUpdate + answer.nextUpdate) / 2;
    } catch (error) {
      this.#dueAt = this.#clock.now() + retryMs;
      this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** @returns undefined for a certificate that nobody answers for (RFC 9608) */
async function fetchAnswer(kept: KeptCertificate, now: number): Promise<StapledAnswer | undefined> {
  const [endEntity = new Uint8Array(), ...issuers] = parsePem(kept.fullchainPem).map(({ der }) => der);
  const trustAnchors = parsePem(kept.caPem).map(({ der }) => der);
  const certificate = parseCertificate(endEntity);
  const url = responderOf(certificate);
  const [issuer] = [...issuers, ...trustAnchors];
  if (url === undefined || issuer === undefined) return undefined;
  const ocspResponse = await post(url, questionFor(certificate, parseCertificate(issuer)));
  const path = await verifyCertificationPath({
    ...{ endEntity, intermediates: issuers, trustAnchors, at: now, ocspResponses: [ocspResponse] },
    revocation: 'ifPresent',
  });
  const source = path.revocation[0]?.sources.find(isOcsp);
  if (source === undefined)
    throw new ClientError('badAnswer', `the OCSP answer of ${url} is not about our certificate`);
  const { thisUpdate, nextUpdate } = source;
  return { der: Buffer.from(ocspResponse), of: kept.fingerprintSha256, thisUpdate, nextUpdate };
}

function isOcsp(source: RevocationSource): source is Extract<RevocationSource, { readonly type: 'ocsp' }> {
  return source.type === 'ocsp';
}

function responderOf({ extensions }: Certificate): string | undefined {
  const places = decodeExtension(extensions, extensionId.authorityInfoAccess, parseAuthorityInfoAccess) ?? [];
  for (const { accessMethod: method, accessLocation } of places) {
    if (method === accessMethod.ocsp && accessLocation.type === 'uniformResourceIdentifier')
      return accessLocation.value;
  }
  return undefined;
}

async function post(url: string, body: Uint8Array): Promise<Uint8Array> {
  const { statusCode, body: answer } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
    body,
    signal: AbortSignal.timeout(fetchTimeoutMs),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new ClientError('badAnswer', `the OCSP answer of ${url} is too long`);
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new ClientError('badAnswer', `the OCSP responder at ${url} answers ${statusCode}`);
  return Buffer.concat(chunks);
}

function questionFor(certificate: Certificate, issuer: Certificate): Uint8Array {
  return encodeOcspRequest([encodeCertId(hashIssuer(issuer, 'sha256'), certificate.serialNumber)]);
}
