import { readFile } from 'node:fs/promises';
import { parsePem, toHex } from '@vcc-pki/asn1';
import { writeFileAtomically } from '@vcc-pki/signer';
import {
  type Certificate,
  decodeExtension,
  extensionId,
  parseCertificate,
  parseSubjectKeyIdentifier,
} from '@vcc-pki/x509';
import type { ApiConnection } from '../api/api-connection.ts';
import { fullJitter } from '../api/retry.ts';
import type { Clock } from '../clock.ts';
import type { KeptCertificate } from '../keeper/kept-certificate.ts';
import { CrlNews } from './crl-news.ts';
import type { PeerRevocations } from './peer-revocations.ts';

export interface RevocationFollowerOptions {
  readonly connection: () => ApiConnection;
  readonly current: () => KeptCertificate;
  readonly revocations: PeerRevocations;
  /** Where the news are kept for a start without the server. */
  readonly file: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly changed: () => void;
  readonly failed: (error: Error) => void;
}

/** Without a word from the feed, so often. */
const pollMs = 60_000;
/** After a failure: full jitter up to half a minute. */
const retry = { baseMs: 1000, capMs: 30_000 } as const;
/** After a word from the feed: many clients hear it at the same moment. */
const hearsayMs = 200;
/** A start does not wait longer than this for news; what is on the disk counts meanwhile. */
const firstFetchMs = 5000;

/** Keeps the news about revocations fresh: from the disk at the start, then from the server, at once when the feed says so. */
export class RevocationFollower {
  readonly #options: RevocationFollowerOptions;
  #timer: NodeJS.Timeout | undefined;
  #fetching: Promise<void> | undefined;
  #isWantedAgain = false;
  #isStopped = false;
  #failures = 0;

  constructor(options: RevocationFollowerOptions) {
    this.#options = options;
  }

  /** Takes what is on the disk, then asks the server. Failures are told and tried again; nothing is thrown. */
  async start(): Promise<void> {
    await this.#fromDisk();
    await this.#fetchOnce(AbortSignal.timeout(firstFetchMs));
  }

  /** Something was revoked, somebody says: asks within a moment. */
  hear(): void {
    this.#schedule(this.#options.random() * hearsayMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#fetching;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#fetchOnce(), ms).unref();
  }

  /** What is heard of during a fetch is not in its answer for sure, so another one follows. */
  async #fetchOnce(signal?: AbortSignal): Promise<void> {
    if (this.#fetching !== undefined) {
      this.#isWantedAgain = true;
      return;
    }
    this.#fetching = this.#fetch(signal).finally(() => {
      this.#fetching = undefined;
    });
    await this.#fetching;
    if (this.#isWantedAgain) {
      this.#isWantedAgain = false;
      this.#schedule(0);
    } else this.#schedule(this.#failures === 0 ? pollMs : fullJitter(this.#failures, retry, this.#options.random));
  }

  async #fetch(signal: AbortSignal | undefined): Promise<void> {
    try {
      const der = await this.#options.connection().fetch('getCrl', {
        accept: 'application/pkix-crl',
        ...(signal && { signal }),
      });
      await this.#take(der);
      this.#failures = 0;
      await writeFileAtomically({ path: this.#options.file, contents: der, mode: 0o644, overwrite: 'replace' });
    } catch (error) {
      this.#failures++;
      this.#options.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #fromDisk(): Promise<void> {
    let der: Uint8Array;
    try {
      der = await readFile(this.#options.file);
    } catch (error) {
      // The first start, mostly; what else it may be is told when it is written.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      this.#options.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    // It may be over, or of another issuer by now; the server is asked next.
    await this.#take(der).catch(() => {});
  }

  async #take(der: Uint8Array): Promise<void> {
    const { revocations, clock, current, changed } = this.#options;
    const issuer = issuerOf(current());
    const keyId = decodeExtension(issuer.extensions, extensionId.subjectKeyIdentifier, parseSubjectKeyIdentifier);
    if (keyId === undefined) throw new TypeError('the issuer has no key identifier');
    const known = revocations.get(toHex(keyId));
    const news = await CrlNews.open(der, {
      issuer,
      at: clock.now(),
      known: known instanceof CrlNews ? known : undefined,
    });
    revocations.set(toHex(keyId), news);
    changed();
  }
}

/** The CA that issued our certificate, and those of our peers. */
function issuerOf({ fullchainPem, caPem }: KeptCertificate): Certificate {
  const [, issuer] = [...parsePem(fullchainPem), ...parsePem(caPem)].map(({ der }) => parseCertificate(der));
  if (issuer === undefined) throw new TypeError('there is no certificate of the issuer');
  return issuer;
}
