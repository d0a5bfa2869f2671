import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits until somebody takes connections on a loopback port. @throws Error after so many seconds, naming `program`. */
export async function untilListening(port: number, program: string, seconds = 5): Promise<void> {
  for (let attempt = 1; attempt <= seconds * 20; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      // Not yet.
      await delay(50);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`${program} does not listen on ${port} after ${seconds} seconds`);
}
