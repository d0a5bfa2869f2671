import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** Longer chains are refused by the verification of paths anyway. */
const longest = 16;

/** What the peer of a connection has shown: DER, its own certificate first; empty when it has shown none. */
export function peerChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // Node gives an empty object where there is none, and ends a chain with a certificate that is its own issuer.
  while (certificate?.raw !== undefined && chain.length < longest) {
    chain.push(certificate.raw);
    const next: DetailedPeerCertificate | undefined = certificate.issuerCertificate;
    certificate = next === certificate ? undefined : next;
  }
  return chain;
}
