import { parsePem, toHex } from '@vcc-pki/asn1';
import {
  decodeExtension,
  extensionId,
  parseCertificate,
  parseRevocationSnapshot,
  parseSubjectKeyIdentifier,
  RevocationSnapshot,
  RevocationSnapshotError,
} from '@vcc-pki/x509';
import type { ApiConnection } from '../api/api-connection.ts';
import { fullJitter } from '../api/retry.ts';
import type { Clock } from '../clock.ts';
import type { KeptCertificate } from '../keeper/kept-certificate.ts';
import type { PeerRevocations } from './peer-revocations.ts';
import type { SnapshotFiles } from './snapshot-files.ts';

export interface RevocationFollowerOptions {
  readonly connection: () => ApiConnection;
  readonly current: () => KeptCertificate;
  readonly isFeedConnected: () => boolean;
  readonly revocations: PeerRevocations;
  readonly files: SnapshotFiles;
  readonly clock: Clock;
  readonly random: () => number;
  readonly changed: () => void;
  readonly failed: (error: Error) => void;
}

/** The server is asked so often; while the change feed brings every delta, only to keep the files on the disk young. */
const pollMs = { alone: 60_000, besideFeed: 600_000 } as const;
/** After a failure: full jitter up to half a minute. */
const retry = { baseMs: 1000, capMs: 30_000 } as const;
/** When a delta was missed: many clients find out at the same moment. */
const gapMs = 200;
/** A start does not wait longer than this for news; what is on the disk counts meanwhile. */
const firstFetchMs = 5000;

/** A full snapshot with its issuer, and the revision it was of. */
interface Held {
  readonly issuerKeyId: string;
  readonly snapshot: RevocationSnapshot;
  readonly fullRevision: number;
}

/** Keeps the revocation snapshot fresh: from the disk at the start, then whole from the server, then by deltas of the change feed. */
export class RevocationFollower {
  readonly #options: RevocationFollowerOptions;
  #held: Held | undefined;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #isStopped = false;
  #failures = 0;

  constructor(options: RevocationFollowerOptions) {
    this.#options = options;
  }

  /** Takes what is on the disk, then asks the server. Failures are told and tried again; nothing is thrown. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#attempt(() => this.#fromDisk());
      await this.#attempt(() => this.#fetch(AbortSignal.timeout(firstFetchMs)));
    });
  }

  /** A delta came by the change feed. */
  take(base64: string): void {
    void this.#inTurn(() => this.#attempt(() => this.#apply(Buffer.from(base64, 'base64'))));
  }

  /** The feed was away: asks within a moment what was missed. */
  catchUp(): void {
    this.#schedule(this.#options.random() * gapMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#work;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.#inTurn(() => this.#attempt(() => this.#fetch()));
    }, ms).unref();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#work.then(work);
    this.#work = result;
    return result;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failures = 0;
      this.#schedule(this.#options.isFeedConnected() ? pollMs.besideFeed : pollMs.alone);
    } catch (error) {
      const isGap = error instanceof RevocationSnapshotError && error.code === 'gap';
      this.#schedule(
        isGap ? gapMs * this.#options.random() : fullJitter(this.#failures++, retry, this.#options.random),
      );
      if (!isGap) this.#options.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Signed it was; whether it is too old is the policy's matter, so it is judged as of its own time. */
  async #fromDisk(): Promise<void> {
    const stored = await this.#options.files.load();
    if (stored === undefined) return;
    await this.#hold(stored.full, parseRevocationSnapshot(stored.full).thisUpdate);
    const { delta } = stored;
    if (delta !== undefined) await this.#held?.snapshot.apply(delta, parseRevocationSnapshot(delta).thisUpdate);
    this.#options.changed();
  }

  async #fetch(signal?: AbortSignal): Promise<void> {
    const { connection, clock, files, changed } = this.#options;
    const options = signal === undefined ? {} : { signal };
    if (this.#held?.issuerKeyId !== this.#issuer().keyId) {
      const full = await connection().fetch('getRevocationSnapshot', options);
      await this.#hold(full, clock.now());
      await files.saveFull(full);
    }
    const held = this.#held;
    if (held === undefined) return;
    // From the full one on the disk, so that the two together are all that is known.
    const query = { from: held.fullRevision };
    const next = await connection().fetch('getRevocationDelta', { ...options, query });
    const { kind, revision } = parseRevocationSnapshot(next);
    await this.#apply(next);
    if (kind === 'full') {
      this.#held = { ...held, fullRevision: revision };
      await files.saveFull(next);
    } else await files.saveDelta(next);
    changed();
  }

  async #hold(full: Uint8Array, at: number): Promise<void> {
    const { der, keyId } = this.#issuer();
    const snapshot = await RevocationSnapshot.open(full, { issuer: der, at });
    this.#held = { issuerKeyId: keyId, snapshot, fullRevision: snapshot.revision };
    this.#options.revocations.set(keyId, snapshot);
  }

  async #apply(der: Uint8Array): Promise<void> {
    if ((await this.#held?.snapshot.apply(der, this.#options.clock.now())) === 'applied') this.#options.changed();
  }

  /** The CA that issued our certificate, and those of our peers. */
  #issuer(): { readonly der: Uint8Array; readonly keyId: string } {
    const { fullchainPem, caPem } = this.#options.current();
    const [, issuer] = [...parsePem(fullchainPem), ...parsePem(caPem)];
    if (issuer === undefined) throw new TypeError('there is no certificate of the issuer');
    const { extensions } = parseCertificate(issuer.der);
    const keyId = decodeExtension(extensions, extensionId.subjectKeyIdentifier, parseSubjectKeyIdentifier);
    if (keyId === undefined) throw new TypeError('the issuer has no key identifier');
    return { der: issuer.der, keyId: toHex(keyId) };
  }
}
