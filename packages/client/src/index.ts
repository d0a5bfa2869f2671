/**
 * Certificates that renew themselves, peers that are who they say. {@link ApiConnection} calls the PKI server over mutual
 * TLS, {@link CertificateKeeper} keeps one certificate on disk alive.
 *
 * There is no way to make anything here talk without TLS, or to somebody who was not verified.
 *
 * @module
 */

export { PkiError } from '@vcc-pki/api';
export { type ApiAnswer, ApiConnection, type ApiConnectionOptions, type CallOptions } from './api/api-connection.ts';
export { fetchPinnedRoot } from './api/pinned-root.ts';
export { defaultRetry, fullJitter, type RetryPolicy, withRetries } from './api/retry.ts';
export { ServerRefusal } from './api/server-refusal.ts';
export { type ClientIdentity, httpsOrigin, type TransportLimits } from './api/transport.ts';
export { ClientError, type ClientErrorCode, type ClientErrorOptions } from './client-error.ts';
export type { PKIClientEvents, PKIClientStatus } from './client-events.ts';
export { type Clock, systemClock } from './clock.ts';
export { ChangeFeed, type ChangeFeedEvents } from './feed/change-feed.ts';
export { type CertificateFileOptions, CertificateFiles, type StoredPair } from './files/certificate-files.ts';
export type { CertificateMaterial } from './files/certificate-material.ts';
export { type CertificatePaths, certificatePaths, pathsBeside } from './files/certificate-paths.ts';
export { readIfThere } from './files/read-if-there.ts';
export { CertificateKeeper } from './keeper/certificate-keeper.ts';
export type {
  ClockSkew,
  KeeperCounters,
  KeeperEvents,
  KeeperStatus,
  RenewalFailure,
} from './keeper/keeper-events.ts';
export type { CertificateKeeperOptions, RequestedNames } from './keeper/keeper-options.ts';
export type { KeptCertificate } from './keeper/kept-certificate.ts';
export { type CertificateWish, type Obtained, obtainCertificate } from './keeper/obtain-certificate.ts';
export { type Metric, metricText, type Sample } from './metrics/metric-text.ts';
export { PKIClient } from './pki-client.ts';
export type { AutoRenewalOptions, CertificatePlace, PKIClientOptions, ServerTlsOptions } from './pki-client-options.ts';
export type { DiscoveryQuery, ServiceRegistration } from './registry/service-registry.ts';
export type { HeldRevocations } from './revocation/peer-revocations.ts';
export type { RevocationPolicy } from './revocation/revocation-policy.ts';
export type { AttachOptions } from './tls/attach-server.ts';
export type { CertificateProvider } from './tls/grpc-certificates.ts';
export type { Peer } from './tls/peer.ts';
export { type ConnectTarget, ServiceTlsContext } from './tls/service-tls-context.ts';
