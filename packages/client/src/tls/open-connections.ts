import type { TLSSocket } from 'node:tls';
import { ClientError } from '../client-error.ts';

/** Connections whose peers were accepted, to be looked at again: what is revoked later is cut off later. */
export class OpenConnections {
  readonly #checks = new Map<TLSSocket, () => void>();

  /** @param check throws when the peer may not stay */
  add(socket: TLSSocket, check: () => void): void {
    if (socket.destroyed) return;
    this.#checks.set(socket, check);
    socket.once('close', () => this.#checks.delete(socket));
  }

  get size(): number {
    return this.#checks.size;
  }

  /** Cuts off those whose peer is refused now. @returns how many */
  recheck(): number {
    let refused = 0;
    for (const [socket, check] of this.#checks) {
      try {
        check();
      } catch (error) {
        // Fresh news is needed for a new connection; an old one ends by news alone.
        if (error instanceof ClientError && error.code === 'revocationUnknown') continue;
        refused++;
        this.#checks.delete(socket);
        socket.destroy();
      }
    }
    return refused;
  }
}
