import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type CrlScopeKind, crlScopeKinds, scopeKind } from './crl-scope.ts';
import type { ServedCrl, ServedCrls } from './served-crls.ts';

/** The instruments of publication. Labels are kinds, not scopes: there may be a thousand shards. */
export interface CrlMetrics {
  readonly publications: Counter<'scope' | 'outcome'>;
  readonly publicationSeconds: Histogram<'scope'>;
}

/** Upper bounds in seconds; a shard takes some milliseconds, a full CRL of a million entries a second. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Makes the instruments; the gauges look at what is served when they are read. */
export function createCrlMetrics(
  registry: Registry,
  { served, issuer }: { served: ServedCrls; issuer: { readonly issuerId: string; readonly commonName: string } },
): CrlMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, of: (crls: readonly ServedCrl[]) => number): void => {
    new Gauge({
      ...{ name, help, labelNames: ['issuer', 'scope'], registers },
      collect() {
        for (const [scope, crls] of byKind(served, issuer.issuerId)) {
          this.set({ issuer: issuer.commonName, scope }, of(crls));
        }
      },
    });
  };
  gauge('vcc_pki_crl_this_update_timestamp_seconds', 'thisUpdate of the oldest CRL being served', (crls) =>
    least(crls.map(({ thisUpdate }) => thisUpdate / 1000)),
  );
  gauge('vcc_pki_crl_next_update_timestamp_seconds', 'nextUpdate of the CRL being served that ends first', (crls) =>
    least(crls.map(({ nextUpdate }) => nextUpdate / 1000)),
  );
  gauge('vcc_pki_crl_number', 'Greatest number of the CRLs being served', (crls) =>
    crls.reduce((greatest, { number }) => Math.max(greatest, number), 0),
  );
  gauge('vcc_pki_crl_entries', 'Certificates listed in the CRLs being served', (crls) =>
    crls.reduce((total, { entries }) => total + entries, 0),
  );
  return {
    publications: new Counter({
      name: 'vcc_pki_crl_publications_total',
      help: 'CRL publications by kind and outcome',
      labelNames: ['scope', 'outcome'],
      registers,
    }),
    publicationSeconds: new Histogram({
      name: 'vcc_pki_crl_publication_duration_seconds',
      help: 'Time from the start of a CRL to its publication',
      labelNames: ['scope'],
      registers,
      buckets,
    }),
  };
}

function byKind(served: ServedCrls, issuerId: string): [CrlScopeKind, ServedCrl[]][] {
  const own = [...served.all()].filter((crl) => crl.issuerId === issuerId);
  return crlScopeKinds
    .map((kind): [CrlScopeKind, ServedCrl[]] => [kind, own.filter(({ scope }) => scopeKind(scope) === kind)])
    .filter(([, crls]) => crls.length > 0);
}

/** Without spreading them into arguments. */
function least(numbers: readonly number[]): number {
  return numbers.reduce((smallest, number) => Math.min(smallest, number), Number.POSITIVE_INFINITY);
}
