import type { Server, TLSSocket } from 'node:tls';
import { ClientError } from '../client-error.ts';
import type { OpenConnections } from './open-connections.ts';
import type { OwnIdentity } from './own-identity.ts';
import type { Peer } from './peer.ts';
import { peerChain } from './peer-chain.ts';
import type { ExpectedPeer, PeerVerifier } from './peer-verifier.ts';

export interface AttachOptions {
  /** Only these services may connect. Default: every service of the PKI. */
  readonly allowedServices?: readonly string[];
  /** Whether an OCSP answer is stapled for clients that ask for one. Default true. */
  readonly stapling?: boolean;
}

/** What an attached server works with. */
export interface ServerSurroundings {
  readonly identity: OwnIdentity;
  readonly verifier: PeerVerifier;
  readonly connections: OpenConnections;
  readonly options: AttachOptions;
  readonly accepted: (socket: TLSSocket, peer: Peer) => void;
  readonly refused: (error: ClientError, socket: TLSSocket) => void;
}

/** A server that shows the certificate in use, and verifies who connects. */
export interface AttachedServer {
  /** Shows the certificate that is in use now at every handshake from here on. */
  swap(): void;
  /** Leaves the server as it was, but for its certificate. */
  detach(): void;
}

/**
 * Takes over the certificate of a running `node:tls` or `node:https` server. Connections that are open stay as they are;
 * those of clients with a certificate are verified before the server hears of them.
 */
export function attachServer(server: Server, surroundings: ServerSurroundings): AttachedServer {
  const { identity, options } = surroundings;
  const expected: ExpectedPeer | undefined = options.allowedServices && { serviceIds: options.allowedServices };
  const swap = () => server.setSecureContext(identity.material);
  swap();
  // What listens for connections (HTTP, above all) hears of them when their peer has been verified.
  const behind = server.rawListeners('secureConnection') as ((socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  const gate = (socket: TLSSocket): void => {
    const pass = () => {
      if (!socket.destroyed) for (const listener of behind) Reflect.apply(listener, server, [socket]);
    };
    judge(socket, expected, surroundings, pass);
  };
  server.prependListener('secureConnection', gate);
  return {
    swap,
    detach: () => {
      server.off('secureConnection', gate);
      for (const listener of behind.toReversed()) server.prependListener('secureConnection', listener);
    },
  };
}

function judge(
  socket: TLSSocket,
  expected: ExpectedPeer | undefined,
  surroundings: ServerSurroundings,
  pass: () => void,
): void {
  const { verifier, refused } = surroundings;
  const chain = peerChain(socket);
  const [der] = chain;
  // Whether a client must have a certificate is what the server was made with.
  if (der === undefined) {
    pass();
    return;
  }
  const accept = (peer: Peer): void => {
    surroundings.accepted(socket, peer);
    surroundings.connections.add(socket, () => void verifier.check(der, expected));
    pass();
  };
  const refuse = (error: unknown): void => {
    // First of all, whatever those do who are told.
    socket.destroy();
    refused(toClientError(error), socket);
  };
  try {
    // The usual case: no wait between handshake and first request.
    if (verifier.knows(der, 'clientAuth')) {
      accept(verifier.check(der, expected));
      return;
    }
  } catch (error) {
    refuse(error);
    return;
  }
  const ignore = () => {};
  // Nobody else listens yet to a client that goes away meanwhile.
  socket.once('error', ignore);
  verifier
    .verify(chain, 'clientAuth', expected)
    .finally(() => socket.off('error', ignore))
    .then(accept, refuse);
}

function toClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  return new ClientError('peerNotTrusted', 'the certificate of the peer could not be verified', { cause: error });
}
