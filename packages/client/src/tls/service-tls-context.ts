import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, type PeerCertificate, type SecureContext, type TLSSocket } from 'node:tls';
import { Agent, type Dispatcher, fetch, type RequestInfo, type RequestInit, type Response } from 'undici';
import { ClientError } from '../client-error.ts';
import type { CertificateProvider } from './grpc-certificates.ts';
import type { OpenConnections } from './open-connections.ts';
import type { OwnIdentity } from './own-identity.ts';
import { peerChain } from './peer-chain.ts';
import type { ExpectedPeer, PeerVerifier } from './peer-verifier.ts';

/** What connections to one service are made with. */
export interface ServiceTlsSurroundings {
  readonly identity: OwnIdentity;
  readonly verifier: PeerVerifier;
  readonly connections: OpenConnections;
  readonly certificates: CertificateProvider;
}

/** Where to connect to. */
export interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  /** Default 10,000. */
  readonly timeoutMs?: number;
  readonly alpnProtocols?: readonly string[];
}

const defaultTimeoutMs = 10_000;

/**
 * Connections to one service, with our certificate of the moment. The peer must BE that service: its SPIFFE ID says so,
 * its chain leads to our root, and it is not revoked. Its address and host name do not matter.
 */
export class ServiceTlsContext {
  readonly serviceId: string;
  readonly #surroundings: ServiceTlsSurroundings;
  readonly #expected: ExpectedPeer;
  readonly #closing: (() => Promise<void> | void)[] = [];
  #dispatcher: Agent | undefined;

  constructor(expected: ExpectedPeer & { readonly serviceId: string }, surroundings: ServiceTlsSurroundings) {
    this.serviceId = expected.serviceId;
    this.#expected = expected;
    this.#surroundings = surroundings;
  }

  /** For whatever takes a TLS context; the one of this moment: ask again for each connection. */
  get secureContext(): SecureContext {
    return this.#surroundings.identity.secureContext;
  }

  /** The options of `tls.connect` of this moment. Chain by OpenSSL, identity and revocation by us. */
  get tlsOptions(): ConnectionOptions {
    return {
      secureContext: this.secureContext,
      rejectUnauthorized: true,
      checkServerIdentity: this.checkServerIdentity,
    };
  }

  /** Whether a certificate is that of the service; for libraries that ask in the middle of a handshake. */
  readonly checkServerIdentity = (_host: string, { raw }: PeerCertificate): Error | undefined => {
    try {
      this.#surroundings.verifier.check(raw, this.#expected);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };

  /** For `grpc.experimental.createCertificateProviderChannelCredentials`; follows every renewal. */
  get certificates(): CertificateProvider {
    return this.#surroundings.certificates;
  }

  /** Connects and verifies. @throws {@link ClientError} of the verification; errors of `node:tls` */
  async connect({ host, port, timeoutMs = defaultTimeoutMs, alpnProtocols }: ConnectTarget): Promise<TLSSocket> {
    const socket = connect({
      ...this.tlsOptions,
      host,
      port,
      timeout: timeoutMs,
      ...(isIP(host) === 0 && { servername: host }),
      ...(alpnProtocols && { ALPNProtocols: [...alpnProtocols] }),
    });
    try {
      await handshakeOf(socket, timeoutMs);
      const chain = peerChain(socket);
      const [der = new Uint8Array()] = chain;
      const { verifier, connections } = this.#surroundings;
      await verifier.verify(chain, 'serverAuth', this.#expected);
      connections.add(socket, () => void verifier.check(der, this.#expected));
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** For undici, and for the `dispatcher` of fetch; one pool of connections, closed by {@link close}. */
  dispatcher(options: Omit<Agent.Options, 'connect'> = {}): Agent {
    const agent = new Agent({
      ...options,
      connect: ({ hostname, port, protocol }, callback) => {
        if (protocol !== 'https:') {
          callback(plainHttp(), null);
          return;
        }
        this.connect({ host: bare(hostname), port: Number(port || 443), alpnProtocols: ['http/1.1'] }).then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        );
      },
    });
    this.#closing.push(() => agent.destroy());
    return agent;
  }

  /** `fetch` to the service. */
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response> {
    this.#dispatcher ??= this.dispatcher();
    const dispatcher: Dispatcher = this.#dispatcher;
    return fetch(input, { ...init, dispatcher });
  }

  /** For `node:https`. */
  httpsAgent(options: AgentOptions = {}): HttpsAgent {
    const agent = new ServiceHttpsAgent(this, { keepAlive: true, ...options });
    this.#closing.push(() => agent.destroy());
    return agent;
  }

  /** Closes what {@link dispatcher}, {@link httpsAgent} and {@link fetch} have opened. */
  async close(): Promise<void> {
    await Promise.all(this.#closing.splice(0).map((close) => close()));
    this.#dispatcher = undefined;
  }
}

class ServiceHttpsAgent extends HttpsAgent {
  readonly #context: ServiceTlsContext;

  constructor(context: ServiceTlsContext, options: AgentOptions) {
    super(options);
    this.#context = context;
  }

  override createConnection(
    options: { readonly host?: string | null; readonly port?: number | string | null },
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#context.connect({ host: options.host ?? 'localhost', port: Number(options.port ?? 443) }).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Socket),
    );
    return undefined;
  }
}

function handshakeOf(socket: TLSSocket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // It stays: whoever gets the socket listens too late for what happens while its peer is verified.
    socket.on('error', reject);
    socket.once('timeout', () => {
      reject(new ClientError('cannotConnect', `no TLS handshake within ${timeoutMs} ms`));
    });
    socket.once('secureConnect', () => {
      socket.setTimeout(0);
      resolve();
    });
  });
}

/** IPv6 addresses have brackets in URLs only. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function plainHttp(): ClientError {
  return new ClientError('notTrusted', 'a service is spoken to over TLS alone, and the URL is not https');
}
