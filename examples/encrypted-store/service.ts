import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  FieldEncryption,
  FieldRewriter,
  jobMetrics,
  LazyReEncryption,
  PKIKeyProvider,
  ReEncryptionJob,
  SqliteRecords,
} from '@vcc-pki/key-provider';

/**
 * A store of notes that are encrypted on disk: `PUT /notes/NAME`, `GET /notes/NAME`, `GET /metrics`. When the key is
 * rotated, notes that are read are encrypted anew at once, and all others by a job behind them. Before its first start:
 *
 *   vcc-pki kek create notes
 *   vcc-pki kek grant notes veritas-backend --may read,write
 *   vcc-pki create-certificate --service veritas-backend --out ./certs
 */
const line = process.env['KEK_LINE'] ?? 'notes';
const folder = process.env['CERT_FOLDER'] ?? './certs/veritas-backend';
const pem = (file: string): string => readFileSync(join(folder, file), 'utf8');
const provider = PKIKeyProvider.at(process.env['PKI_URL'] ?? 'https://localhost:8443', {
  certificatePem: pem('fullchain.pem'),
  keyPem: pem('key.pem'),
  trustedPem: pem('root-ca.pem'),
});
provider.events.on('revoked', ({ id }) => console.warn(`${id} is revoked`));
provider.events.on('security', ({ detail }) => console.error(`somebody is in between: ${detail}`));
await provider.bootstrap();

const database = new DatabaseSync(process.env['DATABASE'] ?? './notes.db');
database.exec('create table if not exists notes (name text primary key, text blob not null)');
const columns = [{ name: 'notes.text', table: 'notes', keyColumn: 'name', recordColumn: 'text' }];
const storage = new SqliteRecords(database, columns);
await storage.prepare();

const place = (documentId: string) => ({ collection: 'notes', field: 'text', documentId });
const fields = new FieldEncryption({ keys: provider, line, tenant: 'example' });
const anew = new FieldEncryption({ keys: provider.forReEncryption(), line, tenant: 'example' });
const documentId = ({ key }: { readonly key: string | number }): string => String(key);
const rewriter = new FieldRewriter(anew, { 'notes.text': { collection: 'notes', field: 'text', documentId } });
const lazy = new LazyReEncryption({ storage, rewriter, target: () => provider.rotation(line).target });

let job: ReEncryptionJob | undefined;
provider.events.on('rotated', ({ from, to }) => {
  job?.stop();
  const settleMs = Number(process.env['SETTLE_MS'] ?? 120_000);
  const next = { ...provider.rotation(line, { settleMs }), jobId: to, storage, rewriter, holder: provider.instance };
  job = new ReEncryptionJob(next);
  job.run().then(
    (outcome) => console.log(`from ${from} to ${to}: ${outcome}`),
    (error: Error) => console.error(`from ${from} to ${to}: ${error.message}`),
  );
});

const server = createServer(async (request, response) => {
  const name = /^\/notes\/([a-z0-9-]{1,64})$/.exec(request.url ?? '')?.[1];
  if (request.url === '/metrics') response.end(provider.metrics() + (job === undefined ? '' : jobMetrics(job)));
  else if (name !== undefined && request.method === 'PUT') {
    const text = await request.reduce((body: Buffer, chunk: Buffer) => Buffer.concat([body, chunk]), Buffer.alloc(0));
    database.prepare('insert or replace into notes values (?, ?)').run(name, fields.encrypt(place(name), text));
    response.writeHead(204).end();
  } else {
    const row = database.prepare('select text from notes where name = ?').get(name ?? '') as
      | { text: Uint8Array }
      | undefined;
    if (name === undefined || row === undefined) response.writeHead(404).end();
    else {
      response.end(await fields.decrypt(place(name), row.text));
      lazy.offer('notes.text', { key: name, record: row.text, columns: {} });
    }
  }
});
server.listen(Number(process.env['PORT'] ?? 45680), '127.0.0.1', () => console.log('listening'));

process.once('SIGTERM', async () => {
  job?.stop();
  server.close();
  await lazy.close();
  await provider.close();
});
