import type { Clock } from '../clock.ts';
import {
  activeWebhooks,
  type DeliveryResult,
  type DueDelivery,
  dueDeliveries,
  type Store,
  type WebhookRecord,
} from '../store/index.ts';
import type { PostEvent } from './post-event.ts';
import { type RetryRules, retryDelay } from './retry-delay.ts';
import type { SecretBox } from './secret-box.ts';
import { signedHeaders } from './sign-delivery.ts';
import type { WebhookMetrics } from './webhook-metrics.ts';
import { WebhookTarget } from './webhook-target.ts';

export interface WebhookDispatcherOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly post: PostEvent;
  readonly metrics: WebhookMetrics;
  readonly retries: RetryRules;
  /** Receivers that are served side by side. */
  readonly concurrency: number;
  /** How long a receiver is left alone after failures in a row. */
  readonly restMs: number;
  /** Settled deliveries are forgotten after so long. */
  readonly keepMs: number;
  /** Unique among all servers, and new with each start. */
  readonly owner: string;
  /** How long others wait for a server that does not come back. Longer than a chunk of tries takes. */
  readonly leaseMs: number;
  readonly onGivenUp: (webhookId: string, delivery: DueDelivery, error: string) => void;
  /** Told when the ledger could not be asked or written; it is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** How often the outbox is looked at; a second when absent. */
  readonly intervalMs?: number | undefined;
}

/** Deliveries to one receiver that are under way at once, and settled in one commit. */
const chunkSize = 4;

/** Deliveries that are forgotten in one commit. */
const forgetBatch = 500;

/**
 * Delivers what the outbox holds, at least once. Each receiver is served by one server of a cluster at a time and apart
 * from all others, so that one which hangs or fails delays nobody else.
 */
export class WebhookDispatcher {
  readonly #options: WebhookDispatcherOptions;
  readonly #targets = new Map<string, WebhookTarget>();
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #forgetAt = 0;

  constructor(options: WebhookDispatcherOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#options.intervalMs ?? 1000);
    this.#timer.unref();
  }

  /** Begins to serve every receiver that has something due and is not being served. Never rejects. */
  async look(): Promise<void> {
    try {
      const webhooks = await activeWebhooks(this.#options.store.read);
      this.#forgetTargets(webhooks);
      this.#measureCircuits();
      for (const webhook of webhooks) {
        if (this.#isClosed || this.#running.size >= this.#options.concurrency) break;
        if (this.#running.has(webhook.webhookId) || this.#targetOf(webhook).isResting) continue;
        if ((await this.#due(webhook, 1)).length > 0) this.#serve(webhook);
      }
      await this.#forgetSettled();
    } catch (error) {
      if (!this.#isClosed) this.#options.onFailure(error);
    }
  }

  /** Resolves when nothing is under way here. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Ends after the tries that are under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.idle();
  }

  #serve(webhook: WebhookRecord): void {
    const { webhookId } = webhook;
    if (this.#running.has(webhookId)) return;
    const served = this.#deliverAll(webhook)
      .catch((error: unknown) => this.#options.onFailure(error))
      .finally(() => this.#running.delete(webhookId));
    this.#running.set(webhookId, served);
  }

  async #deliverAll(webhook: WebhookRecord): Promise<void> {
    const { store, clock, owner, leaseMs } = this.#options;
    const name = `webhook ${webhook.webhookId}`;
    const take = () => store.ledger.submit('takeLease', { name, owner, now: clock.now(), leaseMs });
    if (!(await take()).taken) return;
    let goesOn = true;
    while (goesOn && !this.#isClosed && (await take()).taken) goesOn = await this.#deliverChunk(webhook);
    await store.ledger.submit('releaseLease', { name, owner });
  }

  /** @returns whether it is worth going on. */
  async #deliverChunk(webhook: WebhookRecord): Promise<boolean> {
    const target = this.#targetOf(webhook);
    const due = await this.#due(webhook, target.circuit === 'closed' ? chunkSize : 1);
    if (due.length === 0 || target.isResting) return false;
    const results = await Promise.all(due.map((delivery) => this.#deliver(webhook, delivery)));
    const tried = results.filter((result) => result !== undefined);
    if (tried.length > 0) {
      const { store, clock } = this.#options;
      await store.ledger.submit('settleDeliveries', { results: tried, now: clock.now() });
    }
    return tried.length > 0;
  }

  async #deliver(webhook: WebhookRecord, delivery: DueDelivery): Promise<DeliveryResult | undefined> {
    const { box, clock, metrics, retries, onGivenUp } = this.#options;
    const { webhookId, url } = webhook;
    const body = bodyOf(delivery);
    const secret = box.open(webhookId, webhook.secret);
    const headers = signedHeaders({ eventId: delivery.eventId, body, secret, now: clock.now() });
    const result = await this.#targetOf(webhook).send({ url, headers, body });
    if (result === undefined) return undefined;
    const attempts = delivery.attempts + 1;
    const tried = { id: delivery.id, attempts, lastStatus: result.status ?? null, lastError: result.error ?? null };
    if (result.error === undefined) {
      metrics.deliveries.inc({ outcome: 'delivered' });
      return { ...tried, status: 'delivered', dueAt: clock.now() };
    }
    const delay = retryDelay(attempts, retries, { askedMs: result.retryAfterMs });
    metrics.deliveries.inc({ outcome: delay === undefined ? 'dead' : 'failed' });
    if (delay !== undefined) return { ...tried, status: 'pending', dueAt: clock.now() + delay };
    onGivenUp(webhookId, delivery, result.error);
    return { ...tried, status: 'dead', dueAt: clock.now() };
  }

  #due({ webhookId }: WebhookRecord, limit: number): Promise<DueDelivery[]> {
    const { store, clock } = this.#options;
    return dueDeliveries.all(store.read, { webhookId, now: clock.now(), limit });
  }

  #targetOf({ webhookId }: WebhookRecord): WebhookTarget {
    const known = this.#targets.get(webhookId);
    if (known !== undefined) return known;
    const target = new WebhookTarget(this.#options.post, {
      restMs: this.#options.restMs,
      longestRestMs: this.#options.retries.maxDelayMs,
    });
    this.#targets.set(webhookId, target);
    return target;
  }

  #measureCircuits(): void {
    const { circuit } = this.#options.metrics;
    circuit.reset();
    for (const [webhook, target] of this.#targets) circuit.set({ webhook }, openness[target.circuit]);
  }

  #forgetTargets(webhooks: readonly WebhookRecord[]): void {
    const active = new Set(webhooks.map(({ webhookId }) => webhookId));
    for (const webhookId of this.#targets.keys()) if (!active.has(webhookId)) this.#targets.delete(webhookId);
  }

  async #forgetSettled(): Promise<void> {
    const { store, clock, keepMs } = this.#options;
    const now = clock.now();
    if (now < this.#forgetAt) return;
    const input = { before: now - keepMs, limit: forgetBatch };
    const { forgotten } = await store.ledger.submit('forgetDeliveries', input);
    if (forgotten < forgetBatch) this.#forgetAt = now + 3_600_000;
  }
}

const openness = { closed: 0, 'half-open': 0.5, open: 1 } as const;

/** The same octets at every try: the envelope that packages/api/src/events describes. */
function bodyOf({ eventId, eventType, occurredAt, subject, data }: DueDelivery): string {
  const timestamp = new Date(occurredAt).toISOString();
  return JSON.stringify({ id: eventId, type: eventType, timestamp, subject, data: JSON.parse(data) as unknown });
}
