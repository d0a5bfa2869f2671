import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { encodePem } from '@vcc-pki/asn1';
import { generateKey, signCertificateRequest } from '@vcc-pki/signer';
import type { BenchPki } from '../support/bench-pki.ts';
import { Connection, type Identity } from '../support/load.ts';

/** Issues a certificate to a service of the benchmark. */
export async function issueTo(connection: Connection, serviceId: string): Promise<Identity> {
  const key = await generateKey('P-256');
  const csr = encodePem('CERTIFICATE REQUEST', await signCertificateRequest(key));
  const { text } = await connection.send({
    method: 'POST',
    path: '/api/v1/certificates/request',
    body: JSON.stringify({ service_name: serviceId, csr }),
  });
  const { certificate_pem, chain_pem } = JSON.parse(text) as { certificate_pem: string; chain_pem: string };
  return { cert: certificate_pem + chain_pem, key: key.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** Registers `bench-1` with a certificate: what the others are copies of. */
export async function registerTemplate({ rootPem, admin }: BenchPki, apiUrl: string): Promise<void> {
  const connection = new Connection(apiUrl, { ca: rootPem, identity: admin });
  await issueTo(connection, 'bench-1');
  const endpoints = ['https://bench-1.vcc.local:45678', 'https://192.168.178.94:45678'];
  const body = { service_id: 'bench-1', service_name: 'Bench 1', service_type: 'type-0', endpoints };
  await connection.send({ method: 'POST', path: '/api/v1/services/register', body: JSON.stringify(body) });
  await connection.close();
}

/** Fills the registry of a PKI that is not running with services like the template, each with a certificate of its own. */
export function seedServices(
  { directory }: BenchPki,
  { services, perType }: { readonly services: number; readonly perType: number },
): void {
  const db = new DatabaseSync(join(directory, 'database', 'pki_server.db'));
  const numbers = `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${services - 1})`;
  const copy = (table: string, changed: Readonly<Record<string, string>>): void => {
    const columns = db
      .prepare(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name));
    const values = columns.map((name) => changed[name] ?? `t.${name}`);
    db.exec(`${numbers} insert into ${table} (${columns.join(', ')})
      select ${values.join(', ')} from numbers, ${table} as t where t.service_id = 'bench-1'`);
  };
  db.exec('pragma synchronous = off; begin');
  copy('services', {
    service_id: `'seed-' || n`,
    service_name: `'Seed ' || n`,
    service_type: `'type-' || (n / ${perType})`,
    certificate_id: `'cert_seed_20261121_' || printf('%08d', n)`,
    active_certificates: '1',
  });
  copy('certificates', {
    certificate_id: `'cert_seed_20261121_' || printf('%08d', n)`,
    service_id: `'seed-' || n`,
    serial_number: 'lower(hex(randomblob(18)))',
    fingerprint_sha256: 'lower(hex(randomblob(32)))',
    spki_sha256: 'lower(hex(randomblob(32)))',
  });
  db.exec('commit; pragma wal_checkpoint(truncate)');
  db.close();
}
