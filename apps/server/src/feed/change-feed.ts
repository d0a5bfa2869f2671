import { PkiError } from '@vcc-pki/api';
import type { Clock } from '../clock.ts';
import { encodeEvent, type FeedEvent, heartbeat } from './feed-event.ts';
import type { FeedMetrics } from './feed-metrics.ts';
import { FeedStream } from './feed-stream.ts';

/** Lower-case hex; milliseconds since the epoch. */
export interface ReaderCertificate {
  readonly issuerId: string;
  readonly serialNumber: string;
  readonly notAfter: number;
}

/** Who reads, and what of it. */
export interface Reader {
  readonly serviceId: string;
  /** Its client certificate, with whose end the feed ends. */
  readonly certificate: ReaderCertificate;
  /** Names of events; all when absent. */
  readonly types?: ReadonlySet<string> | undefined;
}

export interface ChangeFeedOptions {
  readonly clock: Clock;
  readonly metrics: FeedMetrics;
  /** Open feeds of all services together. */
  readonly maxFeeds: number;
  readonly maxFeedsPerService: number;
  /** Between two heartbeats. */
  readonly heartbeatMs: number;
}

/** Why the server ends a feed. */
export type EndReason = 'revoked' | 'expired' | 'slow' | 'closing';

/** One open feed. */
export interface Subscription {
  /** To be sent to the reader. */
  readonly stream: FeedStream;
  /** Sends the reader something of its own: what it missed. */
  send(event: FeedEvent, retryMs?: number): void;
  /** Until this is called, what is published waits behind what is sent. */
  goLive(): void;
  end(reason: EndReason): void;
}

/**
 * Tells everybody who listens what changes: one event, encoded once, to any number of open feeds. A reader that is too
 * slow is let go, and goes on where it was when it comes back; nobody waits for it.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #feeds = new Set<OpenFeed>();
  readonly #perService = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #isClosed = false;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), options.heartbeatMs);
    this.#timer.unref();
  }

  /** How many feeds are open. */
  get size(): number {
    return this.#feeds.size;
  }

  /** Tells the readers of this server. What all servers are to tell is a change of the ledger: `tx.publish`. */
  publish(event: FeedEvent): void {
    this.#options.metrics.events.inc({ event: event.event });
    const encoded = encodeEvent(event);
    for (const feed of this.#feeds) if (feed.wants(event.event)) feed.offer(encoded);
  }

  /**
   * Opens a feed.
   * @throws {@link PkiError} `rateLimited` when too many are open, `notReady` while the server closes.
   */
  subscribe(reader: Reader): Subscription {
    if (this.#isClosed) throw new PkiError('notReady', 'the server is closing');
    const { maxFeeds, maxFeedsPerService, metrics } = this.#options;
    const own = this.#perService.get(reader.serviceId) ?? 0;
    if (this.#feeds.size >= maxFeeds || own >= maxFeedsPerService) {
      const whose =
        own >= maxFeedsPerService ? `"${reader.serviceId}" has ${own} feeds open` : 'too many feeds are open';
      throw new PkiError('rateLimited', `${whose}; close some, or come back later`, { retryAfterSeconds: 10 });
    }
    const feed = new OpenFeed(reader, (reason) => metrics.ended.inc({ reason }));
    this.#feeds.add(feed);
    this.#perService.set(reader.serviceId, own + 1);
    feed.stream.once('close', () => this.#forget(feed));
    return feed;
  }

  /** Ends the feeds of an issuer's certificates that are revoked: an open feed is an open connection. */
  endRevoked(issuerId: string, serialNumbers: ReadonlySet<string>): void {
    for (const feed of this.#feeds) {
      const { certificate } = feed.reader;
      if (certificate.issuerId === issuerId && serialNumbers.has(certificate.serialNumber)) feed.end('revoked');
    }
  }

  /** Ends all feeds, and opens no more. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const feed of this.#feeds) feed.end('closing');
  }

  #forget(feed: OpenFeed): void {
    if (!this.#feeds.delete(feed)) return;
    const { serviceId } = feed.reader;
    const left = (this.#perService.get(serviceId) ?? 1) - 1;
    if (left === 0) this.#perService.delete(serviceId);
    else this.#perService.set(serviceId, left);
  }

  #beat(): void {
    const now = this.#options.clock.now();
    for (const feed of this.#feeds) {
      if (feed.reader.certificate.notAfter < now) feed.end('expired');
      else feed.offer(heartbeat);
    }
  }
}

/** Events that come in while a reader is still told what it missed. */
const maxHeldBack = 1_000;

class OpenFeed implements Subscription {
  readonly reader: Reader;
  readonly stream = new FeedStream();
  readonly #onEnd: (reason: EndReason) => void;
  #heldBack: Buffer[] | undefined = [];
  #isEnded = false;

  constructor(reader: Reader, onEnd: (reason: EndReason) => void) {
    this.reader = reader;
    this.#onEnd = onEnd;
  }

  wants(event: string): boolean {
    return this.reader.types === undefined || this.reader.types.has(event);
  }

  offer(encoded: Buffer): void {
    if (this.#isEnded) return;
    if (this.#heldBack === undefined) this.#write(encoded);
    else if (this.#heldBack.length < maxHeldBack) this.#heldBack.push(encoded);
    else this.end('slow');
  }

  send(event: FeedEvent, retryMs?: number): void {
    if (!this.#isEnded) this.#write(encodeEvent(event, retryMs));
  }

  goLive(): void {
    const heldBack = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const encoded of heldBack) this.offer(encoded);
  }

  /** The reader is told why, if it still reads; the connection of one that does not is cut off by who sends the stream. */
  end(reason: EndReason): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#onEnd(reason);
    this.stream.offer(encodeEvent({ event: 'end', data: { reason } }));
    this.stream.finish();
    this.stream.emit('ended', reason);
  }

  #write(encoded: Buffer): void {
    if (!this.stream.offer(encoded)) this.end('slow');
  }
}
