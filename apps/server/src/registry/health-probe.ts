import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { PkiError } from '@vcc-pki/api';
import { decodeExtension, extensionId, parseCertificate, parseSubjectAltName } from '@vcc-pki/x509';
import { type OutboundPolicy, outboundLookup, spiffeId } from '../policy/index.ts';
import { certificateByFingerprint, type Store } from '../store/index.ts';

/** What a health check has seen. */
export interface ProbeResult {
  readonly isGood: boolean;
  /** `HTTP 200`, or why not. */
  readonly detail: string;
}

/** Asks one service whether it works. Never throws. */
export type Probe = (target: { readonly serviceId: string; readonly url: string }) => Promise<ProbeResult>;

export interface ProbeOptions {
  readonly store: Store;
  readonly outbound: OutboundPolicy;
  readonly trustDomain: string;
  /** What the server shows, and what it trusts; asked for each check, for its own certificate is renewed. */
  readonly tls: () => { readonly key: unknown; readonly cert: unknown; readonly ca: unknown };
  /** From the look-up of the name to the head of the answer. */
  readonly timeoutMs: number;
}

/**
 * Makes the function that checks the health of services over mTLS. Not a byte of HTTP is sent before the other end has
 * proved to be the service, by the SPIFFE ID in a certificate of this CA that is not revoked; so an address that leads
 * elsewhere learns nothing but that somebody has called. Redirects are answers like others, and no good ones.
 */
export function createProbe(options: ProbeOptions): Probe {
  const lookup = outboundLookup(options.outbound);
  return async ({ serviceId, url }) => {
    try {
      const status = await askStatus(options, { serviceId, url: options.outbound.checkUrl(url), lookup });
      return { isGood: status >= 200 && status < 300, detail: `HTTP ${status}` };
    } catch (error) {
      return { isGood: false, detail: reasonOf(error, options.timeoutMs) };
    }
  };
}

interface Question {
  readonly serviceId: string;
  readonly url: URL;
  readonly lookup: LookupFunction;
}

async function askStatus(options: ProbeOptions, { serviceId, url, lookup }: Question): Promise<number> {
  const { key, cert, ca } = options.tls();
  const isTls = url.protocol === 'https:';
  const common = {
    lookup,
    // A connection of its own each time: it is the handshake that proves something.
    agent: false as const,
    signal: AbortSignal.timeout(options.timeoutMs),
    headers: { accept: '*/*', 'user-agent': 'vcc-pki-health', connection: 'close' },
  };
  const tls = {
    ...({ key, cert, ca } as { key: string; cert: string; ca: string[] }),
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
    checkServerIdentity: (_host: string, peer: PeerCertificate) => foreignIdentity(peer, serviceId, options),
  };
  const call = isTls ? httpsRequest(url, { ...common, ...tls }) : httpRequest(url, common);
  // Whenever it comes; once the answer is there, nobody waits for it.
  const failed = new Promise<never>((_, reject) => call.on('error', reject));
  try {
    if (isTls) await Promise.race([failed, proveIdentity(call, options.store)]);
    const answered = new Promise<IncomingMessage>((resolve) => call.once('response', resolve));
    call.end();
    const { statusCode = 0 } = await Promise.race([failed, answered]);
    return statusCode;
  } finally {
    failed.catch(() => undefined);
    // The head of the answer is all that counts; what its body would still send is not waited for.
    call.destroy();
  }
}

/** Node verifies chain and name in the handshake; nothing of the request is sent before `end()`. */
async function proveIdentity(call: ReturnType<typeof httpsRequest>, store: Store): Promise<void> {
  const socket = await new Promise<TLSSocket>((resolve) => {
    call.once('socket', (opened) => opened.once('secureConnect', () => resolve(opened as TLSSocket)));
  });
  await checkNotRevoked(socket, store);
}

async function checkNotRevoked(socket: TLSSocket, { read }: Store): Promise<void> {
  const { raw } = socket.getPeerCertificate();
  const certificate = await certificateByFingerprint(read, createHash('sha256').update(raw).digest('hex'));
  if (certificate === undefined) throw new ProbeError('its certificate is not in the ledger');
  if (certificate.status === 'revoked') throw new ProbeError('its certificate is revoked');
}

/** Why the health of a service cannot be told. */
class ProbeError extends Error {
  override readonly name = 'ProbeError';
}

function foreignIdentity(
  { raw }: PeerCertificate,
  serviceId: string,
  { trustDomain }: ProbeOptions,
): ProbeError | undefined {
  const wanted = spiffeId(trustDomain, serviceId);
  const names =
    decodeExtension(parseCertificate(raw).extensions, extensionId.subjectAltName, parseSubjectAltName) ?? [];
  const isIt = names.some(({ type, value }) => type === 'uniformResourceIdentifier' && value === wanted);
  return isIt ? undefined : new ProbeError(`the certificate there is not that of ${wanted}`);
}

/** In a few words, and with nothing that the other end has chosen. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof PkiError || error instanceof ProbeError) return error.message.slice(0, 512);
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return typeof code === 'string' ? code : 'the connection failed';
}
