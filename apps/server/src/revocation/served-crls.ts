import type { LintedEntries } from '../authority/linted-entries.ts';
import type { PublishedCrl } from '../store/index.ts';

/** A CRL as relying parties get it. */
export interface ServedCrl extends PublishedCrl {
  readonly der: Uint8Array;
  /** Its entries, for the CRLs that are made from it; only of the CA that signs here. */
  readonly list?: LintedEntries | undefined;
}

interface Waiter {
  readonly issuerId: string;
  readonly scope: string;
  readonly revision: number;
  readonly resolve: () => void;
}

/** The newest good CRL of each issuer and scope, in memory: relying parties are answered even while the ledger is away. */
export class ServedCrls {
  readonly #crls = new Map<string, ServedCrl>();
  readonly #listeners: ((crl: ServedCrl) => void)[] = [];
  readonly #waiters = new Set<Waiter>();

  get(issuerId: string, scope: string): ServedCrl | undefined {
    return this.#crls.get(`${issuerId}/${scope}`);
  }

  all(): Iterable<ServedCrl> {
    return this.#crls.values();
  }

  /** Serves a CRL from now on, unless a newer one of its scope is served already. */
  replace(crl: ServedCrl): void {
    const before = this.get(crl.issuerId, crl.scope);
    if (before !== undefined && before.number >= crl.number) return;
    this.#crls.set(`${crl.issuerId}/${crl.scope}`, crl);
    for (const listener of this.#listeners) listener(crl);
    for (const waiter of this.#waiters) {
      if (waiter.issuerId !== crl.issuerId || waiter.scope !== crl.scope || waiter.revision > crl.revision) continue;
      waiter.resolve();
      this.#waiters.delete(waiter);
    }
  }

  /** Calls `listener` with each CRL that replaces another, or is the first. */
  onReplaced(listener: (crl: ServedCrl) => void): void {
    this.#listeners.push(listener);
  }

  /** Waits until a CRL that covers a revision is served. @returns whether it came in time. */
  async whenCovered(wanted: Pick<Waiter, 'issuerId' | 'scope' | 'revision'>, timeoutMs: number): Promise<boolean> {
    const current = this.get(wanted.issuerId, wanted.scope);
    if (current !== undefined && current.revision >= wanted.revision) return true;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        ...wanted,
        resolve: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        resolve(false);
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }
}
