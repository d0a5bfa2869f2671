import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type DeliveredEvent, parseEvent } from '@vcc-pki/api';
import { Webhook } from 'standardwebhooks';
import type { Identity } from '../../support/call-api.ts';
import type { Lifetime } from '../../support/lifetime.ts';

/** What a receiver has got. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTPS server that takes events. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How it answers; 204 unless told otherwise. */
  answer: (response: ServerResponse) => void;
}

/** Starts a receiver on loopback under a certificate of the PKI. */
export async function startReceiver(t: Lifetime, identity: Identity): Promise<Receiver> {
  const received: Received[] = [];
  const server: Server = createServer({ key: identity.key, cert: identity.cert }, async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString('utf8');
    received.push({ headers: request.headers, body });
    receiver.answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const answer = (response: ServerResponse): void => void response.writeHead(204).end();
  const receiver: Receiver = { url: `https://localhost:${port}/hook`, received, answer };
  return receiver;
}

/** Verifies as receivers do, with the library of the Standard Webhooks project, and reads the event. */
export function verified({ headers, body }: Received, secret: string): DeliveredEvent {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  return parseEvent(new Webhook(secret).verify(body, signed));
}

/** Waits until something is so; fifteen seconds at most. */
export async function until(isSo: () => boolean | Promise<boolean>, what = () => 'it'): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it did not come to be within fifteen seconds; ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
