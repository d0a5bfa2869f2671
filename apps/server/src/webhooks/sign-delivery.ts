import { createHmac } from 'node:crypto';

/** Bytes of a secret: Standard Webhooks asks for 24 to 64. */
export const secretLength = 32;

/** A secret as its receiver gets it, once. */
export function secretText(secret: Uint8Array): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`;
}

/** The headers of the Standard Webhooks specification: id, time of this try, and an HMAC over both and the body. */
export function signedHeaders(options: {
  readonly eventId: string;
  readonly body: string;
  readonly secret: Uint8Array;
  readonly now: number;
}): Record<string, string> {
  const { eventId, body, secret, now } = options;
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', secret).update(`${eventId}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': eventId, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
