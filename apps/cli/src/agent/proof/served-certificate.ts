import { once } from 'node:events';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Endpoint } from '../config/agent-config.ts';
import type { Material } from '../outputs/material.ts';
import { startPostgresTls } from './start-postgres-tls.ts';

/** What an endpoint showed in its handshake. */
export interface ServedCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** Why clients would not believe it, or undefined: the chain that is sent leads to the root. */
  readonly chainError: string | undefined;
}

/** A handshake on a loaded machine; the trying again is what the time of the proof is for. */
const handshakeTimeoutMs = 5_000;

/**
 * Makes a handshake with an endpoint, as a client with the service's own certificate, and tells which certificate came.
 * Nothing is believed and nothing is sent over it: the fingerprint decides.
 * @throws errors of the socket and of TLS
 */
export async function fetchServedCertificate(endpoint: Endpoint, own: Material): Promise<ServedCertificate> {
  const { host, port } = endpoint;
  const signal = AbortSignal.timeout(handshakeTimeoutMs);
  const plain = connectTcp({ host, port, signal });
  let secure: TLSSocket | undefined;
  try {
    await once(plain, 'connect', { signal });
    if (endpoint.protocol === 'postgresql') await startPostgresTls(plain);
    secure = connectTls({
      socket: plain,
      ca: own.caPem,
      cert: own.fullchainPem,
      key: own.keyPem,
      // What is not believed is still looked at: an old, even an expired certificate is the answer that is looked for.
      rejectUnauthorized: false,
      ...serverName(endpoint),
    });
    await once(secure, 'secureConnect', { signal });
    return describe(secure);
  } finally {
    secure?.destroy();
    plain.destroy();
  }
}

function serverName({ host, serverName: name }: Endpoint): { servername?: string } {
  if (name !== undefined) return { servername: name };
  // RFC 6066 s3: no addresses.
  return isIP(host) === 0 ? { servername: host } : {};
}

function describe(socket: TLSSocket): ServedCertificate {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new Error('the endpoint showed no certificate');
  // Names are not judged here: behind a proxy an endpoint has others than those that it is asked for by.
  const error = socket.authorized ? undefined : String(socket.authorizationError);
  return {
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    chainError: error === 'ERR_TLS_CERT_ALTNAME_INVALID' ? undefined : error,
  };
}
