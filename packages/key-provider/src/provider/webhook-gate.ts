import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a request, by lower-case names, as `node:http` has them. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** How far the time of a message may be off, and for how long its id is remembered (Standard Webhooks, "Verifying webhook authenticity"). */
const toleranceMs = 5 * 60_000;
const maxIds = 10_000;

/** Lets messages through that the PKI has signed lately, each once. */
export class WebhookGate {
  readonly #now: () => number;
  /** Id to when it came, oldest first. */
  readonly #seen = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * @param body octets as they came
   * @param secret of the subscription: `whsec_` and base64
   */
  admits(headers: WebhookHeaders, body: Uint8Array, secret: string): boolean {
    const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
      (name) => headers[name],
    );
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
    if (id.length > 256 || !/^\d{1,12}$/.test(timestamp)) return false;
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
    const isSigned = signatures.split(' ').some((one) => isSame(one, wanted));
    if (!isSigned || Math.abs(this.#now() - Number(timestamp) * 1000) > toleranceMs) return false;
    return this.#isNew(id);
  }

  #isNew(id: string): boolean {
    const nowMs = this.#now();
    for (const [old, cameAtMs] of this.#seen) {
      // A message is too old by itself when its id is forgotten: both ends of the tolerance have passed.
      if (nowMs - cameAtMs <= 2 * toleranceMs && this.#seen.size < maxIds) break;
      this.#seen.delete(old);
    }
    if (this.#seen.has(id)) return false;
    this.#seen.set(id, nowMs);
    return true;
  }
}

function isSame(signature: string, wanted: Uint8Array): boolean {
  const [version, text = ''] = signature.split(',');
  const given = Buffer.from(text, 'base64');
  return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
}
