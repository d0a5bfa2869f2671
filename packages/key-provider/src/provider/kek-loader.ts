import type { CachedKek } from '../cache/kek-cache.ts';
import { refreshAfter } from '../cache/refresh-time.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import type { CrlFetcher } from './crl-fetcher.ts';
import { Deliveries, refusal } from './deliveries.ts';
import type { KekRecord } from './kek-record.ts';
import type { KekOpener, OpenedVersion } from './open-kek.ts';
import type { ProviderState } from './provider-state.ts';

/** Brings versions into memory: each once for all who want it, few at a time, and not while the server is down. */
export class KekLoader {
  readonly #state: ProviderState;
  readonly #opener: KekOpener;
  readonly #crls: CrlFetcher;
  readonly #deliveries: Deliveries<CachedKek<KekHandle>>;
  /** Compromised versions, for encrypting anew alone; not in the cache, where others would find them. */
  readonly #compromised = new Map<string, CachedKek<KekHandle>>();

  constructor(state: ProviderState, opener: KekOpener, crls: CrlFetcher) {
    this.#state = state;
    this.#opener = opener;
    this.#crls = crls;
    this.#deliveries = new Deliveries(state);
  }

  get joins(): number {
    return this.#deliveries.joins;
  }

  /** @throws {@link KeyError} */
  load(record: KekRecord): Promise<CachedKek<KekHandle>> {
    return this.#load(record, false);
  }

  /** A version that is revoked, for those who encrypt anew what is under it. @throws {@link KeyError} */
  async loadCompromised(record: KekRecord): Promise<CachedKek<KekHandle>> {
    const kept = this.#compromised.get(record.id);
    if (kept?.handle.usable) return kept;
    const entry = await this.#load(record, true);
    this.#compromised.set(record.id, entry);
    return entry;
  }

  /** Erases what was loaded for encrypting anew. */
  dropCompromised(): void {
    for (const { handle } of this.#compromised.values()) handle.close();
    this.#compromised.clear();
  }

  #load(record: KekRecord, isCompromised: boolean): Promise<CachedKek<KekHandle>> {
    const name = `${record.id}/${record.serialNumber}/${isCompromised}`;
    return this.#deliveries.run(name, record, async (signal) => {
      const { time, clock, crls, revoked } = this.#state;
      const startMs = time.monotonic();
      const confirmedAt = clock.moment();
      await this.#crls.ensure(record);
      const opened = await this.#opener.open(record, { crls: crls.ders, acceptRevoked: isCompromised, signal });
      // While it was under way: its time was up and nobody waits, or it was revoked.
      if (signal.aborted || (revoked.has(record.id) && !isCompromised)) {
        opened.handle.erase('KEK_REVOKED');
        throw refusal(signal.aborted ? 'KEK_UNAVAILABLE' : 'KEK_REVOKED', record);
      }
      await crls.learn(opened, clock.now());
      return this.#keep({ record, opened, confirmedAt, fetchMs: time.monotonic() - startMs, isCompromised });
    });
  }

  #keep(input: {
    readonly record: KekRecord;
    readonly opened: OpenedVersion;
    readonly confirmedAt: CachedKek<KekHandle>['confirmedAt'];
    readonly fetchMs: number;
    readonly isCompromised: boolean;
  }): CachedKek<KekHandle> {
    const { record, opened, confirmedAt, fetchMs, isCompromised } = input;
    const { policy, random, instanceShare, cache, book } = this.#state;
    const entry: CachedKek<KekHandle> = {
      description: book.find(record.id) ?? record,
      certificateDer: opened.certificateDer,
      issuer: opened.issuer,
      crlPoint: opened.crlPoint,
      intermediates: opened.intermediates,
      serialNumber: opened.certificate.serialNumber,
      handle: opened.handle,
      isRevoked: opened.isRevoked,
      confirmedAt,
      validatedAt: confirmedAt,
      refreshAfterMs: refreshAfter({ policy, fetchMs, instanceShare, random }),
      crlNextUpdateMs: opened.crlNextUpdateMs,
    };
    if (!isCompromised) cache.put(entry);
    return entry;
  }
}
