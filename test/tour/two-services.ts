import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';

async function identityIn(folder: string): Promise<{ cert: Buffer; key: Buffer; ca: Buffer }> {
  const read = (name: string): Promise<Buffer> => readFile(join(folder, name));
  return { cert: await read('fullchain.pem'), key: await read('key.pem'), ca: await read('root-ca.pem') };
}

/** A service that talks only to clients whose certificate Node's own TLS finds valid, CRLs included; others are told why not. */
export async function serveMtls(
  folder: string,
  crl: string,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const options = { ...(await identityIn(folder)), crl, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (socket: TLSSocket) => {
    if (!socket.authorized) return socket.end(`refused: ${String(socket.authorizationError)}`);
    const { CN } = socket.getPeerCertificate().subject;
    return socket.end(`hello ${String(CN)}, over ${String(socket.getProtocol())}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** What the service answers to the client whose certificate lies in `folder`, or `refused: ...`. */
export async function talkMtls(port: number, folder: string, crl: string): Promise<string> {
  const identity = await identityIn(folder);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ ...identity, crl, host: '127.0.0.1', port, servername: 'veritas-backend' });
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.once('error', (error) => resolve(`refused: ${error.message}`));
    socket.once('close', () => resolve(answer === '' ? 'refused: the connection was closed' : answer));
  });
}
