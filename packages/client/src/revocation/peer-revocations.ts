import { serialFromHex } from '@vcc-pki/x509';
import { ClientError } from '../client-error.ts';
import type { Clock } from '../clock.ts';
import { toTimestamp } from '../time-text.ts';
import type { Peer } from '../tls/peer.ts';
import type { RevocationNews } from './revocation-news.ts';
import { completePolicy, type RevocationPolicy } from './revocation-policy.ts';

/** How fresh the revocations of one issuer are. Times in milliseconds since the epoch. */
export interface HeldRevocations {
  /** Key identifier of the issuer in lower-case hex. */
  readonly issuerId: string;
  /** Of the snapshot with its deltas; the same for all who hold the same. */
  readonly revision: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/**
 * What is known about the revocation of peers: for each issuer what it has signed. It answers without
 * waiting, so that it can be asked within a handshake.
 */
export class PeerRevocations {
  readonly policy: Required<RevocationPolicy>;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #news = new Map<string, RevocationNews>();

  constructor(policy: RevocationPolicy | undefined, clock: Clock) {
    this.policy = completePolicy(policy);
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** Takes the news of an issuer, by its key identifier in lower-case hex. */
  set(issuerKeyId: string, news: RevocationNews): void {
    this.#news.set(issuerKeyId, news);
  }

  /** Until when what is known counts by itself, of the issuer that is worst off; undefined when nothing is known. */
  get freshUntil(): number | undefined {
    const ends = [...this.#news.values()].map(({ nextUpdate }) => nextUpdate);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** What is held, issuer by issuer. */
  get held(): readonly HeldRevocations[] {
    return [...this.#news].map(([issuerId, { revision, thisUpdate, nextUpdate }]) => ({
      issuerId,
      revision,
      thisUpdate,
      nextUpdate,
    }));
  }

  /** @throws {@link ClientError} `peerRevoked`, and by the policy `revocationUnknown` */
  check(peer: Peer): void {
    if (this.policy.whenStale === 'off') return;
    const news = peer.issuerKeyId === undefined ? undefined : this.#news.get(peer.issuerKeyId);
    if (news?.isRevoked(serialFromHex(peer.serialNumber))) {
      throw new ClientError('peerRevoked', `the certificate ${peer.serialNumber} of ${nameOf(peer)} is revoked`, {
        advice: 'The peer needs a new certificate: a one-time token, or what its operator says.',
      });
    }
    const goodUntil = (news?.nextUpdate ?? this.#startedAt) + this.#toleratedMs(news !== undefined);
    if (this.#clock.now() <= goodUntil) return;
    const since =
      news === undefined ? 'there is no news at all' : `the last was good until ${toTimestamp(news.nextUpdate)}`;
    throw new ClientError('revocationUnknown', `whether ${nameOf(peer)} is revoked is not known: ${since}`, {
      advice: 'Look at why the PKI server does not answer; see "whenStale" in docs/client.md.',
    });
  }

  /** Without a news there is nothing that a grace could prolong: only `allow` bears that. */
  #toleratedMs(isKnown: boolean): number {
    const { whenStale, graceSeconds, longestSeconds } = this.policy;
    if (whenStale === 'allow') return Math.max(longestSeconds, graceSeconds) * 1000;
    return isKnown ? graceSeconds * 1000 : -1;
  }
}

function nameOf({ serviceId, fingerprintSha256 }: Peer): string {
  return serviceId ?? `the peer ${fingerprintSha256.slice(0, 16)}…`;
}
