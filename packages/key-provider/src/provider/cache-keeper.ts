import { createHash, type KeyObject } from 'node:crypto';
import { parseCertificate } from '@vcc-pki/x509';
import type { CachedKek } from '../cache/kek-cache.ts';
import { KeyError } from '../key-error.ts';
import { KekHandle } from '../keys/kek-handle.ts';
import type { SecretMemory } from '../keys/secret-memory.ts';
import type { GroupRegistry, GroupStatus } from './group-registry.ts';
import type { ProviderState } from './provider-state.ts';
import { type SavedKek, SealedCache, seal, unseal } from './sealed-cache.ts';
import { validateKek } from './validate-kek.ts';

export interface CacheKeeperOptions {
  readonly state: ProviderState;
  readonly groups: GroupRegistry;
  readonly file: string;
  /** Private key of the service, as it is now. */
  readonly key: () => KeyObject;
  readonly trustAnchors: readonly Uint8Array[];
  readonly memory?: SecretMemory | undefined;
}

/** Shortest time between two savings while nothing has changed: ages only grow less true. */
const saveEveryMs = 60_000;

/** Keeps KEKs and keys of groups that are in memory on disk, sealed, and brings them back at a start without the server. */
export class CacheKeeper {
  readonly #options: CacheKeeperOptions;
  readonly #file: SealedCache;
  #savedIds = '';
  #savedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: CacheKeeperOptions) {
    this.#options = options;
    this.#file = new SealedCache(options.file, options.key);
  }

  /** After a look at the server: saves when versions have come or gone, and now and then. */
  async saveIfDue(): Promise<void> {
    const { state, key } = this.#options;
    const entries = [...state.cache.entries()].filter(({ isRevoked, handle }) => !isRevoked && handle.usable);
    const keks = entries.map(({ description: { id, state: kekState } }) => `${id} ${kekState}`);
    const ids = [...keks, ...this.#options.groups.describe().map(nameOf)].join();
    const nowMs = state.time.monotonic();
    if (ids === this.#savedIds && nowMs - this.#savedAtMs < saveEveryMs) return;
    await this.#file.save({
      keks: entries.flatMap((entry) => this.#toSaved(entry, key())),
      crls: state.crls.ders.map(base64),
      groups: this.#options.groups.save((secret, name) => base64(seal(secret, key(), name))),
    });
    this.#savedIds = ids;
    this.#savedAtMs = nowMs;
  }

  /**
   * Puts what is on disk into memory, as old as it is: each certificate is validated by the CRL that was saved, and all
   * limits count from the last confirmation.
   * @returns whether anything was of use
   * @throws what reading the file throws
   */
  async restore(): Promise<boolean> {
    const { state } = this.#options;
    const saved = await this.#file.load();
    if (saved === undefined) return false;
    const crls = saved.crls.map(octets);
    this.#options.groups.remember(saved.groups ?? [], (sealed, name) =>
      unseal(octets(sealed), this.#options.key(), name),
    );
    let restored = 0;
    for (const one of saved.keks) {
      const entry = await this.#fromSaved(one, crls);
      if (entry === undefined) continue;
      state.book.apply({ records: [one.record], lost: [], withdrawn: [], outdatedLines: [] });
      state.cache.put(entry);
      await state.crls.learn(entry, state.clock.now());
      restored += 1;
    }
    for (const crl of crls) await state.crls.accept(crl, state.clock.now());
    return restored > 0;
  }

  #toSaved(entry: CachedKek<KekHandle>, key: KeyObject): SavedKek[] {
    const record = this.#options.state.book.find(entry.description.id);
    if (record === undefined) return [];
    const context = contextOf(entry.certificateDer);
    return [
      {
        record,
        certificate: base64(entry.certificateDer),
        intermediates: entry.intermediates.map(base64),
        root: base64(entry.handle.withRoot((root) => seal(root, key, context))),
        confirmedAtMs: entry.confirmedAt.wallMs,
      },
    ];
  }

  /** @returns undefined for what may not be used: revoked, not validated, from the future */
  async #fromSaved(saved: SavedKek, crls: readonly Uint8Array[]): Promise<CachedKek<KekHandle> | undefined> {
    const { state, key, trustAnchors, memory } = this.#options;
    const certificateDer = octets(saved.certificate);
    const root = unseal(octets(saved.root), key(), contextOf(certificateDer));
    const nowMs = state.clock.now();
    if (root === undefined || saved.confirmedAtMs > nowMs) return undefined;
    const intermediates = saved.intermediates.map(octets);
    try {
      const input = { certificateDer, intermediates, trustAnchors, crls, nowMs, acceptRevoked: false };
      const { facts, issuer, crlPoint, crlNextUpdateMs } = await validateKek(input);
      const { lineName, lineId, version } = saved.record;
      const { serialNumber } = parseCertificate(certificateDer);
      const present = state.clock.moment();
      const confirmedAt = {
        wallMs: saved.confirmedAtMs,
        monotonicMs: present.monotonicMs - (nowMs - saved.confirmedAtMs),
      };
      const handle = new KekHandle({ lineName, lineId, version, root, kem: facts.kem, memory });
      return {
        ...{ description: saved.record, certificateDer, serialNumber, issuer, crlPoint, intermediates, handle },
        ...{
          isRevoked: false,
          confirmedAt,
          validatedAt: present,
          refreshAfterMs: state.policy.softTtlMs,
          crlNextUpdateMs,
        },
      };
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      state.events.emit('failure', { what: 'sealedCache', error });
      return undefined;
    } finally {
      root.fill(0);
    }
  }
}

function nameOf({ line, tenant, group, epoch }: GroupStatus): string {
  return `${line}/${tenant}/${group} ${epoch}`;
}

function contextOf(certificateDer: Uint8Array): string {
  return `root ${createHash('sha256').update(certificateDer).digest('hex')}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function octets(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
