import { parsePem } from '@vcc-pki/asn1';
import { PathError, verifyCertificationPath } from '@vcc-pki/x509';
import { LRUCache } from 'lru-cache';
import { ClientError } from '../client-error.ts';
import type { Clock } from '../clock.ts';
import type { KeptCertificate } from '../keeper/kept-certificate.ts';
import type { PeerRevocations } from '../revocation/peer-revocations.ts';
import { type Peer, parsePeer, trustDomainOf } from './peer.ts';

/** Which peers are accepted; without it every service of the PKI. */
export interface ExpectedPeer {
  readonly serviceIds: readonly string[];
  /** For certificates without a SPIFFE ID: DNS names, one of which must be in them. */
  readonly dnsNames?: readonly string[];
}

/** As what the peer uses its certificate. */
export type PeerRole = 'serverAuth' | 'clientAuth';

/** A path that was verified once is not verified again for so long; its certificate's end and revocation are, each time. */
const remembered = { max: 1000, ttl: 300_000 } as const;

/** Decides who is at the other end, and whether that one may be. */
export class PeerVerifier {
  readonly #current: () => KeptCertificate;
  readonly #revocations: PeerRevocations;
  readonly #clock: Clock;
  readonly #verified = new LRUCache<string, true>(remembered);

  constructor(current: () => KeptCertificate, revocations: PeerRevocations, clock: Clock) {
    this.#current = current;
    this.#revocations = revocations;
    this.#clock = clock;
  }

  /**
   * What can be said without waiting: that the peer is the one that is expected, within its validity, and not revoked.
   * Its chain must have been verified before, by OpenSSL or {@link verify}.
   * @throws {@link ClientError} `wrongPeer`, `peerNotTrusted`, `peerRevoked`, `revocationUnknown`
   */
  check(der: Uint8Array, expected?: ExpectedPeer): Peer {
    const peer = parseOrRefuse(der);
    const now = this.#clock.now();
    const { notBefore, notAfter } = peer.certificate.validity;
    if (now < notBefore || now > notAfter + 999) {
      throw new ClientError('peerNotTrusted', 'the certificate of the peer is not valid at this time');
    }
    if (expected !== undefined) this.#checkIsExpected(peer, expected);
    this.#revocations.check(peer);
    return peer;
  }

  /** Whether the path of this certificate was verified a moment ago, so that {@link check} alone is enough. */
  knows(der: Uint8Array, role: PeerRole): boolean {
    return this.#verified.has(keyOf(parseOrRefuse(der), role));
  }

  /**
   * The whole of it: the path to our root by RFC 5280 s6, then {@link check}.
   * @param chain DER, the certificate of the peer first, then what it sent along
   */
  async verify(chain: readonly Uint8Array[], role: PeerRole, expected?: ExpectedPeer): Promise<Peer> {
    const [endEntity, ...sent] = chain;
    if (endEntity === undefined) throw new ClientError('peerNotTrusted', 'the peer has shown no certificate');
    const key = keyOf(parseOrRefuse(endEntity), role);
    if (!this.#verified.has(key)) {
      await this.#verifyPath(endEntity, sent, role);
      this.#verified.set(key, true);
    }
    return this.check(endEntity, expected);
  }

  /** Nothing that was verified before counts any more: the roots have changed. */
  forget(): void {
    this.#verified.clear();
  }

  async #verifyPath(endEntity: Uint8Array, sent: readonly Uint8Array[], role: PeerRole): Promise<void> {
    const { caPem, fullchainPem } = this.#current();
    try {
      await verifyCertificationPath({
        endEntity,
        // Our own issuers too: a resumed session does not bring the peer's, and mostly they are the same.
        intermediates: [...sent, ...dersOf(fullchainPem).slice(1)],
        trustAnchors: dersOf(caPem),
        at: this.#clock.now(),
        purpose: role,
        // Asked of the snapshot instead, at each connection.
        revocation: 'none',
      });
    } catch (cause) {
      if (!(cause instanceof PathError)) throw cause;
      throw new ClientError('peerNotTrusted', `the certificate of the peer is refused: ${cause.code}`, { cause });
    }
  }

  #checkIsExpected(peer: Peer, { serviceIds, dnsNames = [] }: ExpectedPeer): void {
    const own = parseOrRefuse(dersOf(this.#current().certificatePem)[0] ?? new Uint8Array());
    const isOurs = trustDomainOf(peer.spiffeId) === trustDomainOf(own.spiffeId);
    if (peer.spiffeId !== undefined) {
      if (isOurs && peer.serviceId !== undefined && serviceIds.includes(peer.serviceId)) return;
    } else if (peer.dnsNames.some((name) => dnsNames.includes(name))) return;
    const shown = peer.spiffeId ?? (peer.dnsNames.join(', ') || 'nobody');
    throw new ClientError('wrongPeer', `the peer is ${shown} and not ${serviceIds.join(' or ')}`, {
      advice: 'Check the address: another service answers there.',
    });
  }
}

function keyOf({ fingerprintSha256 }: Peer, role: PeerRole): string {
  return `${role} ${fingerprintSha256}`;
}

function parseOrRefuse(der: Uint8Array): Peer {
  try {
    return parsePeer(der);
  } catch (cause) {
    throw new ClientError('peerNotTrusted', 'the certificate of the peer is malformed', { cause });
  }
}

function dersOf(pem: string): Uint8Array[] {
  return parsePem(pem).map(({ der }) => der);
}
