import { once } from 'node:events';
import type { Socket } from 'node:net';

/** SSLRequest: its length, and the number that stands for it (PostgreSQL manual, 55.7). */
const sslRequest = Uint8Array.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Asks a PostgreSQL server for TLS on a fresh connection; after that the handshake begins. @throws Error when it will not */
export async function startPostgresTls(socket: Socket): Promise<void> {
  socket.write(sslRequest);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  // Exactly one octet, as what came behind it in plain text could be somebody else's (CVE-2021-23222).
  if (answer.length !== 1 || answer[0] !== 'S'.charCodeAt(0)) throw new Error('PostgreSQL does not offer TLS there');
}
