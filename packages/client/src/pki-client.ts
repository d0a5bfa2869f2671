import { EventEmitter } from 'node:events';
import { dirname } from 'node:path';
import type { Server, TLSSocket } from 'node:tls';
import type { DiscoveredCertificate, DiscoveredService, ServiceEvent, ServiceResource } from '@vcc-pki/api';
import type { ApiConnection } from './api/api-connection.ts';
import { ClientError } from './client-error.ts';
import type { PKIClientEvents, PKIClientStatus } from './client-events.ts';
import { type Clock, systemClock } from './clock.ts';
import { ChangeFeed } from './feed/change-feed.ts';
import { CertificateFiles } from './files/certificate-files.ts';
import { type CertificatePaths, pathsBeside } from './files/certificate-paths.ts';
import { CertificateKeeper } from './keeper/certificate-keeper.ts';
import type { KeeperEvents } from './keeper/keeper-events.ts';
import type { KeptCertificate } from './keeper/kept-certificate.ts';
import { clientMetrics } from './metrics/client-metrics.ts';
import type { AutoRenewalOptions, PKIClientOptions, ServerTlsOptions } from './pki-client-options.ts';
import { type DiscoveryQuery, type ServiceRegistration, ServiceRegistry } from './registry/service-registry.ts';
import { PeerRevocations } from './revocation/peer-revocations.ts';
import { RevocationFollower } from './revocation/revocation-follower.ts';
import { SnapshotFiles } from './revocation/snapshot-files.ts';
import { type AttachedServer, type AttachOptions, attachServer } from './tls/attach-server.ts';
import { type CertificateProvider, GrpcCertificates } from './tls/grpc-certificates.ts';
import { OcspStapling } from './tls/ocsp-stapling.ts';
import { OpenConnections } from './tls/open-connections.ts';
import { OwnIdentity, type TlsMaterial } from './tls/own-identity.ts';
import type { Peer } from './tls/peer.ts';
import { PeerVerifier } from './tls/peer-verifier.ts';
import { ServiceTlsContext } from './tls/service-tls-context.ts';

const forwarded = [
  'changed',
  'enrolled',
  'renewed',
  'renewalFailed',
  'windowMoved',
  'serverUnreachable',
  'expired',
  'enrolmentNeeded',
  'clockSkew',
] as const satisfies readonly (keyof KeeperEvents)[];

/**
 * A service's certificate and its peers: {@link ensureCertificate} at the start, {@link attach} for its server,
 * {@link createTlsContextForService} for its calls, {@link enableAutoRenewal} for the rest of its life.
 */
export class PKIClient extends EventEmitter<PKIClientEvents> {
  readonly serviceId: string;
  /** Where the files are, for programs that read them themselves. */
  readonly paths: CertificatePaths;
  readonly #clock: Clock;
  readonly #keeper: CertificateKeeper;
  readonly #identity: OwnIdentity;
  readonly #revocations: PeerRevocations;
  readonly #verifier: PeerVerifier;
  readonly #connections = new OpenConnections();
  readonly #certificates = new GrpcCertificates();
  readonly #servers = new Set<AttachedServer>();
  readonly #contexts = new Set<ServiceTlsContext>();
  readonly #peers = new WeakMap<object, Peer>();
  readonly #feed: ChangeFeed;
  readonly #registry: ServiceRegistry;
  readonly #stapling: OcspStapling;
  readonly #follower: RevocationFollower;
  #isFollowing = false;
  #peersRefused = 0;
  #connectionsCut = 0;
  #recheckTimer: NodeJS.Timeout | undefined;

  /** Reads and asks nothing yet. @throws TypeError, RangeError for options that make no sense */
  constructor(options: PKIClientOptions) {
    super();
    const clock = options.clock ?? systemClock;
    this.#clock = clock;
    this.serviceId = options.serviceId;
    const files = filesOf(options);
    this.paths = files.paths;
    this.#keeper = new CertificateKeeper({ ...options, files });
    this.#identity = new OwnIdentity(() => this.certificate);
    this.#revocations = new PeerRevocations(options.revocation, clock);
    this.#verifier = new PeerVerifier(() => this.certificate, this.#revocations, clock);
    this.#feed = new ChangeFeed(() => this.#keeper.connection, ['service', 'revocation'], options.random);
    this.#registry = new ServiceRegistry(() => this.#keeper.connection);
    this.#stapling = new OcspStapling(
      () => this.certificate,
      clock,
      (error) => this.emit('staplingFailed', error),
    );
    this.#follower = new RevocationFollower({
      connection: () => this.#keeper.connection,
      current: () => this.certificate,
      revocations: this.#revocations,
      files: new SnapshotFiles(dirname(files.paths.metadata)),
      isFeedConnected: () => this.#feed.isConnected,
      clock,
      random: options.random ?? Math.random,
      changed: () => this.#recheck(),
      failed: (error) => this.emit('revocationStale', error),
    });
    this.#listen();
  }

  /** The certificate in use. @throws {@link ClientError} `noCertificate` before {@link ensureCertificate} */
  get certificate(): KeptCertificate {
    const { current } = this.#keeper;
    if (current !== undefined) return current;
    throw new ClientError('noCertificate', 'there is no certificate yet', {
      advice: 'Await ensureCertificate() first.',
    });
  }

  /** The connection to the PKI server, for everything that has no method here. */
  get api(): ApiConnection {
    return this.#keeper.connection;
  }

  /**
   * Makes sure that there is a valid certificate. To be awaited at every start: takes the one on the disk, or gets the
   * first one with the one-time token.
   * @throws {@link ClientError}, ServerRefusal
   */
  async ensureCertificate(): Promise<KeptCertificate> {
    const kept = await this.#keeper.ensure();
    if (!this.#isFollowing && this.#revocations.policy.whenStale !== 'off') {
      this.#isFollowing = true;
      await this.#follower.start();
    }
    return kept;
  }

  /** Renews the certificate from now on, in the window that the server proposes, without a restart. */
  enableAutoRenewal({ renewBeforeDays, restartCallback }: AutoRenewalOptions = {}): void {
    if (restartCallback !== undefined) {
      this.on('renewed', () => {
        void runRestart(restartCallback).catch((error: Error) => this.emit('restartFailed', error));
      });
    }
    this.#keeper.start(renewBeforeDays);
  }

  /** Renews now. @throws {@link ClientError}, ServerRefusal; the certificate in use stays in use */
  renew(): Promise<KeptCertificate> {
    return this.#keeper.renew();
  }

  /** Enters this service into the registry, or changes its entry. To be called at every start; the same again changes nothing. */
  registerService(registration: ServiceRegistration): Promise<ServiceResource> {
    return this.#registry.register(this.serviceId, registration);
  }

  /** The current certificate of a service, with its chain. @throws ServerRefusal `notFound` */
  getServiceCertificate(serviceId: string): Promise<DiscoveredCertificate> {
    return this.#registry.certificateOf(serviceId);
  }

  /** Finds a service, or the services of a type: endpoints, state, certificate. */
  discover(query: string | DiscoveryQuery): Promise<DiscoveredService[]> {
    return this.#registry.discover(typeof query === 'string' ? { serviceId: query } : query);
  }

  /**
   * Tells of every change of a service in the registry, as it happens; `undefined`: too much was missed, ask anew.
   * @returns what ends it
   */
  watch(listener: (change: ServiceEvent | undefined) => void): () => void {
    const missed = () => listener(undefined);
    this.#feed.on('service', listener);
    this.#feed.on('reset', missed);
    this.#feed.start();
    return () => {
      this.#feed.off('service', listener);
      this.#feed.off('reset', missed);
    };
  }

  /** Options for `https.createServer`, `tls.createServer` and what is built on them. */
  serverTlsOptions({ clientCertificates = 'required' }: ServerTlsOptions = {}): TlsMaterial & {
    readonly requestCert: boolean;
    readonly rejectUnauthorized: boolean;
  } {
    return {
      ...this.#identity.material,
      requestCert: clientCertificates !== 'none',
      rejectUnauthorized: clientCertificates === 'required',
    };
  }

  /**
   * Takes over the certificate of a running server: each new one is shown from the moment it comes, and no connection is
   * dropped for it. Clients with a certificate are verified before the server hears of them.
   * @returns what lets go of the server again
   */
  attach(server: Server, options: AttachOptions = {}): () => void {
    const attached = attachServer(server, {
      options,
      identity: this.#identity,
      verifier: this.#verifier,
      connections: this.#connections,
      accepted: (socket, peer) => this.#peers.set(socket, peer),
      refused: (error) => this.#noteRefusal(error),
    });
    const unstaple = options.stapling === false ? undefined : this.#stapling.serve(server);
    this.#servers.add(attached);
    this.#followChanges();
    return () => {
      this.#servers.delete(attached);
      unstaple?.();
      attached.detach();
    };
  }

  /** Who is at the other end of a connection of an attached server; undefined for one without a certificate. */
  peerOf(connection: TLSSocket | { readonly socket: object }): Peer | undefined {
    return this.#peers.get('socket' in connection ? connection.socket : connection);
  }

  /**
   * Connections to one service and to nobody else.
   * @param options.dnsNames for a service whose certificate has no SPIFFE ID
   */
  createTlsContextForService(
    serviceId: string,
    options: { readonly dnsNames?: readonly string[] } = {},
  ): ServiceTlsContext {
    const context = new ServiceTlsContext(
      { serviceId, serviceIds: [serviceId], ...options },
      {
        identity: this.#identity,
        verifier: this.#verifier,
        connections: this.#connections,
        certificates: this.#certificates,
      },
    );
    this.#contexts.add(context);
    this.#followChanges();
    return context;
  }

  /** For `grpc.experimental.createCertificateProviderServerCredentials`; follows every renewal. */
  get grpcCertificates(): CertificateProvider {
    return this.#certificates;
  }

  /** @throws {@link ClientError} when a peer may not be spoken to; for libraries that keep their sockets to themselves. */
  checkPeer(der: Uint8Array, serviceIds?: readonly string[]): Peer {
    return this.#verifier.check(der, serviceIds && { serviceIds });
  }

  get status(): PKIClientStatus {
    return {
      ...this.#keeper.status,
      serviceId: this.serviceId,
      isFeedConnected: this.#feed.isConnected,
      revocationFreshUntil: this.#revocations.freshUntil,
      revocations: this.#revocations.held,
      stapledUntil: this.#stapling.goodUntil,
      openConnections: this.#connections.size,
      peersRefused: this.#peersRefused,
      connectionsCut: this.#connectionsCut,
    };
  }

  /** {@link status} in the text format of Prometheus (version 0.0.4), to be served beside the metrics of the program. */
  metrics(): string {
    return clientMetrics(this.status, this.#clock.now());
  }

  /** Stops everything that this client has started. Servers that are attached go on with the certificate they have. */
  async close(): Promise<void> {
    clearInterval(this.#recheckTimer);
    this.#stapling.stop();
    await this.#feed.stop();
    await this.#follower.stop();
    await Promise.all([...this.#contexts].map((context) => context.close()));
    for (const server of this.#servers) server.detach();
    this.#servers.clear();
    await this.#keeper.stop();
  }

  #listen(): void {
    for (const name of forwarded) {
      this.#keeper.on(name, (...args: unknown[]) => {
        this.emit(name, ...(args as never));
      });
    }
    // Of all who hear of a new certificate the servers come first.
    this.#keeper.on('changed', (current, previous) => this.#swap(current, previous));
    this.#feed.on('connected', () => this.emit('feedConnected'));
    this.#feed.on('revocation', (delta) => {
      if (this.#isFollowing) this.#follower.take(delta);
    });
    for (const name of ['reset', 'connected'] as const) {
      this.#feed.on(name, () => {
        if (this.#isFollowing) this.#follower.catchUp();
      });
    }
    this.#feed.on('disconnected', (error) => this.emit('feedLost', error));
  }

  #swap(current: KeptCertificate, previous: KeptCertificate | undefined): void {
    if (previous !== undefined && previous.caPem !== current.caPem) this.#verifier.forget();
    this.#certificates.use(current);
    for (const server of this.#servers) server.swap();
    if (this.#servers.size > 0) {
      this.#stapling.refresh();
      this.emit('swapped', current);
    }
    this.#feed.reconnect();
    // It may be of another issuer.
    if (this.#isFollowing) this.#follower.catchUp();
  }

  #followChanges(): void {
    const { whenStale, recheckSeconds } = this.#revocations.policy;
    if (whenStale === 'off') return;
    this.#feed.start();
    this.#recheckTimer ??= setInterval(() => this.#recheck(), recheckSeconds * 1000).unref();
  }

  #recheck(): void {
    const cut = this.#connections.recheck();
    if (cut === 0) return;
    this.#connectionsCut += cut;
    this.emit('connectionsCut', cut);
  }

  #noteRefusal(error: PKIClientEvents['peerRefused'][0]): void {
    this.#peersRefused++;
    this.emit('peerRefused', error);
  }
}

function filesOf(options: PKIClientOptions): CertificateFiles {
  if ('folder' in options) return CertificateFiles.inFolder(options.folder);
  const { certFile, keyFile, caFile } = options;
  return new CertificateFiles(pathsBeside({ cert: certFile, key: keyFile, rootCa: caFile }));
}

async function runRestart(restart: NonNullable<AutoRenewalOptions['restartCallback']>): Promise<void> {
  await restart();
}
