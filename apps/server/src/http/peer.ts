import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { keyPurposeId } from '@vcc-pki/x509';
import type { FastifyRequest } from 'fastify';

/** The certificate that the peer proved to own in the TLS handshake. */
export interface Peer {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** Whether it may be shown by a TLS client: extKeyUsage has id-kp-clientAuth (RFC 5280 s4.2.1.12). */
  readonly isForClients: boolean;
}

/**
 * Tells whose certificate a connection has, if any.
 *
 * A connection keeps its certificate for life (renegotiation is off), so it is read once; what the ledger says about it
 * is asked again at every request.
 */
export function peerOf(request: FastifyRequest): Peer | undefined {
  const socket = request.raw.socket as TLSSocket;
  const known = peers.get(socket);
  if (known !== undefined) return known;
  const certificate: X509Certificate | undefined = socket.getPeerX509Certificate?.();
  if (certificate === undefined) return undefined;
  const peer = {
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    isForClients: certificate.keyUsage?.includes(keyPurposeId.clientAuth) ?? false,
  };
  peers.set(socket, peer);
  return peer;
}

const peers = new WeakMap<TLSSocket, Peer>();
