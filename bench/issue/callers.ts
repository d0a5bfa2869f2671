import { encodePem } from '@vcc-pki/asn1';
import { generateKey, signCertificateRequest } from '@vcc-pki/signer';
import type { BenchPki } from '../support/bench-pki.ts';
import { Connection, type Identity } from '../support/load.ts';

/** A service with a certificate of its own, on a connection of its own. */
export interface Caller {
  readonly service: string;
  readonly connection: Connection;
  /** CSRs for P-256 keys, made before anything is measured; PEM. */
  readonly csrs: readonly string[];
}

/** How many CSRs each caller has; it begins again when all have been used. */
const csrsPerCaller = 20;

/** Has the administrator issue certificates to services `bench-<n>` and connects with each of them. */
export async function makeCallers(options: { pki: BenchPki; apiUrl: string; count: number }): Promise<Caller[]> {
  const { pki, apiUrl, count } = options;
  const admin = new Connection(apiUrl, { ca: pki.rootPem, identity: pki.admin });
  const callers: Caller[] = [];
  for (let n = 1; n <= count; n += 1) {
    const service = `bench-${n}`;
    const identity = await obtainIdentity(admin, service);
    const connection = new Connection(apiUrl, { ca: pki.rootPem, identity });
    callers.push({ service, connection, csrs: await makeCsrs() });
  }
  await admin.close();
  return callers;
}

async function obtainIdentity(admin: Connection, service: string): Promise<Identity> {
  const { key, csr } = await newRequest();
  const { text } = await admin.send(issueRequest(service, csr));
  const { certificate_pem, chain_pem } = JSON.parse(text) as { certificate_pem: string; chain_pem: string };
  return { key, cert: `${certificate_pem}${chain_pem}` };
}

/** The request that is measured: a P-256 key, one name in the request's members beside the one in the profile. */
export function issueRequest(service: string, csr: string) {
  const body = JSON.stringify({ service_name: service, csr, san_dns: [`${service}.vcc.local`], validity_days: 90 });
  return { method: 'POST', path: '/api/v1/certificates/request', body } as const;
}

/**
 * The same callers with keys that nothing was issued for, and with so many that few certificates share one, as it is
 * where each renewal makes a new key: a revocation names every other certificate of its key.
 */
export async function withNewKeys(callers: readonly Caller[]): Promise<Caller[]> {
  const renewed: Caller[] = [];
  for (const caller of callers) renewed.push({ ...caller, csrs: await makeCsrs(10 * csrsPerCaller) });
  return renewed;
}

/** CSRs for new P-256 keys, PEM. */
export function makeCsrs(count = csrsPerCaller): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, async () => (await newRequest()).csr));
}

async function newRequest(): Promise<{ key: string; csr: string }> {
  const privateKey = await generateKey('P-256');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    csr: encodePem('CERTIFICATE REQUEST', await signCertificateRequest(privateKey)),
  };
}
