import assert from 'node:assert/strict';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { connect, createSecureContext, createServer, type SecureContext, type Server, type TLSSocket } from 'node:tls';
import { encodePem } from '@vcc-pki/asn1';
import type { Judge } from './judges.ts';
import type { ThreeCertificates } from './three-certificates.ts';

/**
 * TLS 1.3 handshakes without a network between the ends. In `verifying` the server has OpenSSL verify the client's path
 * with the CRLs, in `plain` it asks for no certificate; the client verifies nothing in either.
 */
export function handshakes(path: ThreeCertificates): { readonly verifying: Judge; readonly plain: Judge } {
  const identity = {
    cert: certificatePem(path.leaf) + certificatePem(path.intermediate),
    key: path.privateKey.export({ format: 'pem', type: 'pkcs8' }),
  };
  const ca = certificatePem(path.root);
  const crl = path.crls.map((der) => encodePem('X509 CRL', der));
  const verifyingServer = createServer({ ...identity, ca, crl, requestCert: true });
  const plainServer = createServer(identity);
  const knownClient = createSecureContext(identity);
  const unknownClient = createSecureContext();
  return {
    verifying: () => handshake(verifyingServer, knownClient, true),
    plain: () => handshake(plainServer, unknownClient, false),
  };
}

async function handshake(server: Server, secureContext: SecureContext, isVerified: boolean): Promise<void> {
  const [near, far] = duplexPair();
  // In TLS 1.3 the client's part is over before its certificate arrives: the server is done last.
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  server.emit('connection', far);
  const client = connect({ socket: near, secureContext, rejectUnauthorized: false });
  const [socket] = await accepted;
  assert.equal(socket.authorized, isVerified);
  client.destroy();
  socket.destroy();
}

function certificatePem(der: Uint8Array): string {
  return encodePem('CERTIFICATE', der);
}
