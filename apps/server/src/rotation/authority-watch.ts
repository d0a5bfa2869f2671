import type { PkiEvent } from '@vcc-pki/api';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/index.ts';

const dayMs = 86_400_000;

/** A certificate of the PKI itself. */
export interface WatchedCertificate {
  readonly role: 'root' | 'intermediate' | 'server' | 'ocsp';
  readonly issuerId: string;
  readonly subject: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly notAfter: number;
  /** How long before its end it is told of, once each. */
  readonly warningsMs: readonly number[];
}

/** A CRL, as far as its age is concerned. */
export interface WatchedCrl {
  readonly issuerId: string;
  readonly scope: string;
  readonly number: number;
  readonly nextUpdate: number;
}

export interface AuthorityWatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** What there is to watch at this moment. */
  readonly certificates: () => readonly WatchedCertificate[];
  readonly crls: () => Iterable<WatchedCrl>;
  /** Told of everything that was said, after it was committed; in a cluster one server says it. */
  readonly onTold: (event: PkiEvent) => void;
}

/** Looks after the PKI's own certificates and CRLs, and tells of each once for every warning time that has come. */
export class AuthorityWatch {
  readonly #options: AuthorityWatchOptions;
  /** What is known to be told, so that the ledger is not asked every minute. */
  readonly #told = new Set<string>();

  constructor(options: AuthorityWatchOptions) {
    this.#options = options;
  }

  async look(): Promise<void> {
    const { clock, certificates, crls } = this.#options;
    const now = clock.now();
    for (const certificate of certificates()) {
      const reached = certificate.warningsMs.filter((warning) => now >= certificate.notAfter - warning);
      // Of those that were missed while no server ran, one is enough.
      if (reached.length === 0) continue;
      const notice = `ca.expiring ${certificate.fingerprint} ${Math.min(...reached)}`;
      await this.#tell(notice, expiringEvent(certificate, now));
    }
    for (const crl of crls()) {
      if (crl.nextUpdate < now)
        await this.#tell(`crl.stale ${crl.issuerId} ${crl.scope} ${crl.number}`, staleEvent(crl, now));
    }
  }

  async #tell(notice: string, event: PkiEvent): Promise<void> {
    if (this.#told.has(notice)) return;
    const { store, onTold } = this.#options;
    const { told } = await store.ledger.submit('tellOnce', { notice, event, now: event.at });
    this.#told.add(notice);
    if (told) onTold(event);
  }
}

function expiringEvent(certificate: WatchedCertificate, now: number): PkiEvent {
  const { role, issuerId, subject, serialNumber, fingerprint, notAfter } = certificate;
  return {
    type: 'ca.expiring',
    subject: issuerId,
    at: now,
    data: {
      issuer_id: issuerId,
      role,
      subject,
      serial_number: serialNumber,
      fingerprint_sha256: fingerprint,
      not_after: wholeSeconds(notAfter),
      days_left: Math.max(0, Math.ceil((notAfter - now) / dayMs)),
    },
  };
}

function staleEvent({ issuerId, scope, number, nextUpdate }: WatchedCrl, now: number): PkiEvent {
  const data = { issuer_id: issuerId, scope, number, next_update: wholeSeconds(nextUpdate) };
  return { type: 'crl.stale', subject: issuerId, at: now, data };
}

function wholeSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
