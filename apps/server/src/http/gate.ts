import { type Operation, PkiError } from '@vcc-pki/api';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { notOnWhitelist, notPermitted, type Policy } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import { type CertificateRecord, certificateByFingerprint, type Store } from '../store/index.ts';
import { peerOf } from './peer.ts';

export interface GateDeps {
  readonly store: Store;
  readonly policy: Policy;
  readonly clock: Clock;
  /** Told of every service that has called with a certificate that is good; must not wait for anything. */
  readonly noteSeen: (serviceId: string) => void;
}

/**
 * Stop 1, the gate: tells who is calling, from the peer certificate alone and from what the ledger says about it at this
 * moment; so a revocation is felt by the very next request, also on an open connection.
 * @throws {@link PkiError} `unauthorized` for no, foreign, expired or revoked certificates, `forbidden` when the service
 *   is not on the whitelist (any more).
 */
export async function identify(deps: GateDeps, request: FastifyRequest): Promise<Requester> {
  const peer = peerOf(request);
  if (peer === undefined) throw new PkiError('unauthorized', 'the connection has no client certificate');
  const { fingerprint } = peer;
  const certificate = await certificateByFingerprint(deps.store.read, fingerprint);
  if (certificate === undefined) {
    throw new PkiError('unauthorized', 'the client certificate was not issued by this PKI');
  }
  request.knownPeer = {
    fingerprint,
    serviceId: certificate.serviceId,
    clientIp: request.ip,
    requestId: request.id,
  };
  checkUsable(certificate, deps.clock.now());
  if (!peer.isForClients) throw new PkiError('unauthorized', 'the certificate is for TLS servers alone');
  const entry = deps.policy.entryFor(certificate.serviceId);
  if (entry === undefined) {
    throw notOnWhitelist(certificate.serviceId);
  }
  deps.noteSeen(certificate.serviceId);
  return {
    ...request.knownPeer,
    certificateId: certificate.certificateId,
    entry,
    isAdmin: entry.allowedOperations.has('admin'),
  };
}

function checkUsable(certificate: Pick<CertificateRecord, 'status' | 'notBefore' | 'notAfter'>, now: number): void {
  if (certificate.status === 'revoked') throw new PkiError('unauthorized', 'the client certificate is revoked');
  if (certificate.notBefore <= now && now <= certificate.notAfter) return;
  throw new PkiError('unauthorized', 'the client certificate is not valid at this time', {
    // Both clocks: most "expired" certificates of fresh machines are clocks that are wrong.
    serverTime: new Date(now).toISOString(),
    notBefore: new Date(certificate.notBefore).toISOString(),
    notAfter: new Date(certificate.notAfter).toISOString(),
  });
}

/** @throws {@link PkiError} `forbidden` when the whitelist does not let the requester do what a route is for. */
export function checkRoutePermission(policy: Policy, requester: Requester, operation: Operation): void {
  if (operation === 'any') return;
  if (operation === 'metrics') {
    if (requester.isAdmin || requester.serviceId === 'monitoring-service') return;
    throw notPermitted('metrics are for monitoring-service and administrators');
  }
  policy.checkOperation(requester.entry, operation);
}
