import { parsePem } from '@vcc-pki/asn1';
import { parseCertificate, parseCertificateList } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import { entriesOfOwnCrl, isSignedBy } from '../authority/linted-entries.ts';
import {
  crlDer,
  issuerById,
  newestRevision,
  type PublishedCrl,
  publicationsSince,
  revocationsSince,
  type Store,
} from '../store/index.ts';
import { scopeKind } from './crl-scope.ts';
import { PendingRevocations } from './pending-revocations.ts';
import type { ServedCrls } from './served-crls.ts';

export interface CrlWatchOptions {
  readonly store: Store;
  readonly issuer: Issuer;
  readonly served: ServedCrls;
  /** Told of a CRL in the ledger that cannot be served; the last good one stays. */
  readonly onUnusable: (crl: PublishedCrl, error: unknown) => void;
}

/** Rows read at a time, and CRLs verified side by side. */
const pageSize = 500;

/** CRLs that are loaded and verified side by side. */
const concurrentLoads = 8;

/** Sees what any server of the cluster has published or revoked: two queries by index each time it looks. */
export class CrlWatch {
  readonly pending = new PendingRevocations();
  readonly #options: CrlWatchOptions;
  #sequence = 0;
  #revision = 0;
  #look: Promise<void> | undefined;
  #again = false;

  constructor(options: CrlWatchOptions) {
    this.#options = options;
    options.served.onReplaced(({ issuerId, scope, revision }) => {
      const isOurs = issuerId === options.issuer.issuerId && scopeKind(scope) === 'shard';
      if (isOurs) this.pending.covered(Number(scope), revision);
    });
  }

  /** Every revocation up to this revision was seen. */
  get revision(): number {
    return this.#revision;
  }

  /** Loads what there is. */
  async start(): Promise<void> {
    const { store, issuer } = this.#options;
    await this.#adoptPublications();
    this.#revision = Math.min(...this.#coveredRevisions(), await newestRevision(store.read, issuer.issuerId));
    await this.look();
  }

  /** Looks once more; whoever calls while it is looking waits for a look that began after the call. */
  look(): Promise<void> {
    this.#again = true;
    this.#look ??= this.#lookOn().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  /** Waits until it has finished looking. */
  async idle(): Promise<void> {
    await this.#look?.catch(() => undefined);
  }

  async #lookOn(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#adoptPublications();
      await this.#noteRevocations();
    }
  }

  #coveredRevisions(): number[] {
    const { served, issuer } = this.#options;
    const shards = Array.from({ length: issuer.crlShards }, (_, shard) => served.get(issuer.issuerId, String(shard)));
    // Shards without a CRL get one that covers everything.
    return shards.filter((crl) => crl !== undefined).map(({ revision }) => revision);
  }

  async #noteRevocations(): Promise<void> {
    const { store, issuer, served } = this.#options;
    const { issuerId } = issuer;
    for (;;) {
      const page = await revocationsSince(store.read, { issuerId, revision: this.#revision, limit: pageSize });
      for (const revocation of page) {
        this.pending.note(revocation, served.get(issuerId, String(revocation.shard))?.revision ?? 0);
        this.#revision = revocation.revision;
      }
      if (page.length < pageSize) return;
    }
  }

  async #adoptPublications(): Promise<void> {
    const newest = new Map<string, PublishedCrl>();
    for (;;) {
      const page = await publicationsSince(this.#options.store.read, { sequence: this.#sequence, limit: pageSize });
      for (const crl of page) newest.set(`${crl.issuerId}/${crl.scope}`, crl);
      this.#sequence = page.at(-1)?.sequence ?? this.#sequence;
      if (page.length < pageSize) break;
    }
    const missing = [...newest.values()].filter((crl) => this.#isNewer(crl));
    while (missing.length > 0) await Promise.all(missing.splice(0, concurrentLoads).map((crl) => this.#adopt(crl)));
  }

  #isNewer({ issuerId, scope, number }: PublishedCrl): boolean {
    return number > (this.#options.served.get(issuerId, scope)?.number ?? 0);
  }

  async #adopt(crl: PublishedCrl): Promise<void> {
    const { store, issuer, served } = this.#options;
    try {
      const der = await crlDer(store.read, crl);
      // Gone already: a newer one has followed, which the next look finds.
      if (der === undefined) return;
      const parsed = parseCertificateList(der);
      if (crl.issuerId === issuer.issuerId) {
        served.replace({ ...crl, der, list: await entriesOfOwnCrl(parsed, crl.entries, issuer) });
      } else if (await isSignedBy(parsed, await this.#publicKeyOf(crl.issuerId))) {
        served.replace({ ...crl, der });
      } else throw new Error('it does not carry the signature of its issuer');
    } catch (error) {
      this.#options.onUnusable(crl, error);
    }
  }

  async #publicKeyOf(issuerId: string): Promise<Uint8Array> {
    const [block] = parsePem((await issuerById(this.#options.store.read, issuerId))?.certificatePem ?? '');
    if (block === undefined) throw new Error(`the ledger has no certificate of the issuer ${issuerId}`);
    return parseCertificate(block.der).subjectPublicKeyInfo.der;
  }
}
