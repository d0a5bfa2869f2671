import { PkiError, retryAfterSeconds } from '@vcc-pki/api';
import { Agent, request } from 'undici';
import type { Clock } from '../clock.ts';
import { type OutboundPolicy, outboundLookup } from '../policy/index.ts';

/** How a try went. */
export interface PostResult {
  /** HTTP status; `undefined`: there was no answer. */
  readonly status?: number;
  /** Why it does not count as delivered; `undefined`: it does. */
  readonly error?: string;
  /** How long the receiver asked to be left alone, with 429 or 503; not bounded here. */
  readonly retryAfterMs?: number;
}

/** Sends one event once. Never throws. */
export type PostEvent = (target: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<PostResult>;

export interface PostEventOptions {
  readonly outbound: OutboundPolicy;
  /** PEM certificates that receivers are verified against. */
  readonly ca: readonly string[];
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** What a receiver answers is of no interest; so much of it is read, for the connection to be used again. */
const maxAnswerBytes = 65_536;

/** RFC 6585 s4, RFC 9110 s15.6.4: a receiver that has too much to do may say how long. */
const busy: ReadonlySet<number> = new Set([429, 503]);

/** Makes the function that delivers, over TLS, to addresses that the server may call. Redirects are not followed. */
export function createPostEvent({ outbound, ca, timeoutMs, clock }: PostEventOptions): {
  post: PostEvent;
  close(): Promise<void>;
} {
  const agent = new Agent({
    connections: 4,
    connect: { ca: [...ca], lookup: outboundLookup(outbound), timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const post: PostEvent = async ({ url, headers, body }) => {
    try {
      // The rules may have changed since it was subscribed.
      const { href } = outbound.checkUrl(url);
      const response = await request(href, {
        dispatcher: agent,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'vcc-pki-webhooks' },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body.dump({ limit: maxAnswerBytes });
      const { statusCode: status } = response;
      if (status >= 200 && status < 300) return { status };
      const seconds = busy.has(status) ? retryAfterSeconds(response.headers['retry-after'], clock.now()) : undefined;
      return { status, error: `HTTP ${status}`, ...(seconds !== undefined && { retryAfterMs: seconds * 1000 }) };
    } catch (error) {
      return { error: reasonOf(error, timeoutMs) };
    }
  };
  return { post, close: () => agent.destroy() };
}

/** In a few words, and with nothing that the other end has chosen. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof PkiError) return error.message.slice(0, 256);
  const { name, code } = error as NodeJS.ErrnoException;
  const isLate = name === 'AbortError' || name === 'TimeoutError' || /TIMEOUT$/.test(code ?? '');
  // The one message that is ours, with nothing in it but the name that was subscribed and its address.
  if (code === 'ERR_ADDRESS_REFUSED') return (error as Error).message.slice(0, 256);
  if (isLate) return `no answer within ${timeoutMs} ms`;
  return typeof code === 'string' ? code : 'the connection failed';
}
