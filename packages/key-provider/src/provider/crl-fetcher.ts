import { parsePem } from '@vcc-pki/asn1';
import { parseCertificate } from '@vcc-pki/x509';
import { CrlRefusedError } from '../cache/crl-holder.ts';
import { crlPointOf } from '../cache/crl-scope.ts';
import type { Moment } from '../cache/trusted-clock.ts';
import { within } from '../cache/within.ts';
import { KeyError } from '../key-error.ts';
import type { KekRecord } from './kek-record.ts';
import type { KekServer } from './kek-server.ts';
import type { ProviderState } from './provider-state.ts';

/** Fetches the CRLs that the certificates of KEKs name: those alone, which are parts of what is revoked. */
export class CrlFetcher {
  readonly #state: ProviderState;
  readonly #server: KekServer;
  readonly #fetchedAt = new Map<string | undefined, Moment>();

  constructor(state: ProviderState, server: KekServer) {
    this.#state = state;
    this.#server = server;
  }

  /**
   * Fetches the CRLs of what is in memory and of versions that are about to be: those that are due, or all of them. Never
   * rejects: a failure is told as an event, and what was held stays in force, with its own end.
   */
  async refresh(wanted: readonly KekRecord[], { isNews }: { readonly isNews: boolean }): Promise<void> {
    const { cache, crls } = this.#state;
    const held = [...cache.entries()];
    const points = new Set(held.map(({ crlPoint }) => crlPoint));
    for (const record of wanted) if (cache.find(record.id) === undefined) this.#addPoint(points, record);
    crls.keepOnly(points);
    for (const point of this.#fetchedAt.keys()) if (!points.has(point)) this.#fetchedAt.delete(point);
    await Promise.all([...points].filter((point) => isNews || this.#isDue(point)).map((point) => this.#fetch(point)));
  }

  /**
   * Sees to it that the CRL of a version is at hand before the version is opened: without one it would be taken for a forged one.
   * @throws KeyError `KEK_UNAVAILABLE`
   */
  async ensure(record: KekRecord): Promise<void> {
    const points = new Set<string | undefined>();
    this.#addPoint(points, record);
    for (const point of points) {
      if (this.#isDue(point)) await this.#fetch(point);
      if (this.#state.crls.has(point)) continue;
      const { lineName: kekLine, version: kekVersion } = record;
      throw new KeyError('KEK_UNAVAILABLE', `the CRL of ${record.id} cannot be had`, { kekLine, kekVersion });
    }
  }

  #addPoint(points: Set<string | undefined>, { certificatePem }: KekRecord): void {
    try {
      const [first] = parsePem(certificatePem);
      if (first !== undefined) points.add(crlPointOf(parseCertificate(first.der)));
    } catch {
      // It is told when the version is opened: what is listed is not what is believed.
    }
  }

  #isDue(point: string | undefined): boolean {
    const { clock, crls, policy } = this.#state;
    const fetchedAt = this.#fetchedAt.get(point);
    if (fetchedAt === undefined || clock.age(fetchedAt) >= policy.crlRefreshMs) return true;
    const nextUpdate = crls.nextUpdateAt(point);
    return nextUpdate !== undefined && clock.now() >= nextUpdate;
  }

  async #fetch(point: string | undefined): Promise<void> {
    const { clock, crls, events, time, policy } = this.#state;
    const fetchedAt = clock.moment();
    try {
      const der = await within((signal) => this.#server.fetchCrl(point, signal), {
        timeoutMs: policy.inFlightTimeoutMs,
        after: (delayMs, run) => time.after(delayMs, run),
      });
      await crls.accept(der, clock.now(), { askedFor: point });
      this.#fetchedAt.set(point, fetchedAt);
      this.#trustClock();
    } catch (error) {
      events.emit('failure', { what: 'crl', error });
      if (error instanceof CrlRefusedError) events.emit('security', { detail: `the CRL: ${error.reason}`, error });
    }
  }

  /** A CRL that is signed and current now says that the wall clock is about right. */
  #trustClock(): void {
    const { clock, crls, time } = this.#state;
    const { thisUpdate, nextUpdate } = crls;
    const wallMs = time.now();
    if (thisUpdate !== undefined && nextUpdate !== undefined && wallMs >= thisUpdate && wallMs < nextUpdate) {
      clock.trustWallClock();
    }
  }
}
