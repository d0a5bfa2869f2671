import { randomUUID } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { encodePem } from '@vcc-pki/asn1';
import type { PkiConfig } from './config/index.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import type { Log } from './log.ts';
import type { OutboundPolicy } from './policy/index.ts';
import { createPostEvent } from './webhooks/post-event.ts';
import type { SecretBox } from './webhooks/secret-box.ts';
import { WebhookDispatcher } from './webhooks/webhook-dispatcher.ts';
import { createWebhookMetrics } from './webhooks/webhook-metrics.ts';

/** No wait is longer: twelve tries span more than a day. */
const maxDelayMs = 6 * 3_600_000;

export interface WebhookParts {
  readonly issuance: IssuanceDeps;
  readonly outbound: OutboundPolicy;
  readonly box: SecretBox;
  readonly log: Log;
}

/** What delivers events; not started yet. */
export interface OpenWebhooks {
  start(): void;
  close(): Promise<void>;
}

/** Puts together what delivers events. Receivers are verified against this PKI's root and those that Node trusts. */
export function openWebhooks({ webhooks }: PkiConfig, { issuance, outbound, box, log }: WebhookParts): OpenWebhooks {
  const { store, clock, issuer, metrics, rules } = issuance;
  const timeoutMs = webhooks.timeoutSeconds * 1000;
  const ca = [...rootCertificates, encodePem('CERTIFICATE', issuer.rootCertificate.der)];
  const { post, close } = createPostEvent({ outbound, ca, timeoutMs, clock });
  const dispatcher = new WebhookDispatcher({
    ...{ store, clock, box, post, metrics: createWebhookMetrics(metrics.registry, { store, clock }) },
    retries: { maxAttempts: webhooks.maxAttempts, firstDelayMs: webhooks.retryDelaySeconds * 1000, maxDelayMs },
    concurrency: webhooks.concurrency,
    restMs: webhooks.restSeconds * 1000,
    keepMs: webhooks.keepDays * 86_400_000,
    owner: `${rules.instance} ${randomUUID()}`,
    // A chunk is done within the time of one try and one commit.
    leaseMs: timeoutMs + 20_000,
    onGivenUp: (webhookId, { eventId, eventType }, error) =>
      log.error({ webhook_id: webhookId, event_id: eventId, event_type: eventType, error }, 'a delivery was given up'),
    onFailure: (error) => log.error({ err: error }, 'deliveries could not be carried on; tried again'),
  });
  return {
    start: () => dispatcher.start(),
    close: async () => {
      await dispatcher.close();
      await close();
    },
  };
}
