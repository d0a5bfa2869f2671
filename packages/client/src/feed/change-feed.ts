import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceEvent } from '@vcc-pki/api';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { ApiConnection } from '../api/api-connection.ts';
import { fullJitter } from '../api/retry.ts';

/** What a change feed tells, by the names of its events. */
export interface ChangeFeedEvents {
  /** The feed is open; `resumed`: nothing was missed since it was open before. */
  readonly connected: [{ readonly resumed: boolean }];
  readonly disconnected: [error: Error | undefined];
  /** Too much was missed: everything is to be read anew. */
  readonly reset: [];
  readonly service: [event: ServiceEvent];
  /** Base64 of a signed delta of the revocation snapshot. */
  readonly revocation: [base64: string];
  /** A KEK line changed. */
  readonly keks: [data: Readonly<Record<string, unknown>>];
  /** Something came that makes no sense; it is left out. */
  readonly malformed: [error: Error];
}

/** Between two attempts: full jitter up to half a minute, so that a thousand readers of a server do not return at once. */
const reconnect = { baseMs: 500, capMs: 30_000 } as const;

/** Three heartbeats of 15 s (docs/api.md) may be lost before the feed counts as dead. */
const quietMs = 50_000;

/** The longest event is a delta of the revocation snapshot. */
const maxEventBytes = 16 * 1024 * 1024;

/** Follows the change feed of the server, for as long as it is started: goes on where it was cut off. */
export class ChangeFeed extends EventEmitter<ChangeFeedEvents> {
  readonly #connection: () => ApiConnection;
  readonly #types: readonly string[];
  readonly #random: () => number;
  #lastEventId: string | undefined;
  #retryMs = 0;
  #stopping: AbortController | undefined;
  #current: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #isConnected = false;

  /** @param connection the one to use, asked for at each attempt */
  constructor(connection: () => ApiConnection, types: readonly string[], random: () => number = Math.random) {
    super();
    this.#connection = connection;
    this.#types = types;
    this.#random = random;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  start(): void {
    if (this.#stopping !== undefined) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.#running = this.#run(stopping.signal);
  }

  /** Opens the feed anew at once, as with another certificate. Nothing is missed. */
  reconnect(): void {
    this.#current?.abort();
  }

  async stop(): Promise<void> {
    this.#stopping?.abort();
    await this.#running;
    this.#stopping = undefined;
  }

  async #run(stopping: AbortSignal): Promise<void> {
    for (let failures = 0; !stopping.aborted; ) {
      const current = new AbortController();
      this.#current = current;
      let error: Error | undefined;
      try {
        await this.#follow(AbortSignal.any([stopping, current.signal]));
      } catch (thrown) {
        error = thrown instanceof Error ? thrown : new Error(String(thrown));
      }
      failures = this.#isConnected ? 0 : failures + 1;
      const wasConnected = this.#isConnected;
      this.#isConnected = false;
      if (stopping.aborted) return;
      if (wasConnected || failures === 1) this.#emit('disconnected', current.signal.aborted ? undefined : error);
      if (current.signal.aborted) continue;
      const waitMs = this.#retryMs + fullJitter(failures, reconnect, this.#random);
      await sleep(waitMs, undefined, { signal: stopping, ref: false }).catch(() => {});
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const octets = await this.#connection().open('getEvents', {
      query: { types: this.#types.join(',') },
      accept: 'text/event-stream',
      headers: this.#lastEventId === undefined ? {} : { 'last-event-id': this.#lastEventId },
      signal,
      quietMs,
    });
    const parser = createParser({
      maxBufferSize: maxEventBytes,
      onEvent: (message) => this.#take(message),
      onRetry: (ms) => {
        this.#retryMs = Math.min(ms, reconnect.capMs);
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of octets) parser.feed(decoder.decode(chunk, { stream: true }));
  }

  #take({ event, data, id }: EventSourceMessage): void {
    if (id !== undefined && id !== '') this.#lastEventId = id;
    try {
      this.#tell(event, data);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#emit('malformed', error);
    }
  }

  /** A listener that throws is its owner's bug: it surfaces as such, and does not end the feed. */
  #emit<Name extends keyof ChangeFeedEvents>(name: Name, ...args: ChangeFeedEvents[Name]): void {
    for (const listener of this.rawListeners(name)) {
      queueMicrotask(() => void Reflect.apply(listener, this, args));
    }
  }

  #tell(event: string | undefined, data: string): void {
    switch (event) {
      case 'hello': {
        const { resumed } = JSON.parse(data) as { readonly resumed?: boolean };
        this.#isConnected = true;
        this.#emit('connected', { resumed: resumed === true });
        return;
      }
      case 'reset':
        this.#emit('reset');
        return;
      case 'service':
        this.#emit('service', JSON.parse(data) as ServiceEvent);
        return;
      case 'revocation':
        this.#emit('revocation', data);
        return;
      case 'keks':
        this.#emit('keks', JSON.parse(data) as Record<string, unknown>);
        return;
      default:
      // An event of a later version.
    }
  }
}
