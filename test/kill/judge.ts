import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fromHex, readSingleSequence, Tag, toHex } from '@vcc-pki/asn1';
import { verifyAuditChain } from '@vcc-pki/server';
import { parseCertificate, parseCertificateList } from '@vcc-pki/x509';
import { auditChain, auditHead, type StoreReader } from '../../apps/server/src/store/index.ts';
import type { Entry } from './journal.ts';

/** What the witnesses wrote down, and what the ledger and the server say now, after the start behind the last kill. */
export interface Evidence {
  readonly entries: readonly Entry[];
  readonly db: StoreReader;
  /** The CRL that the server publishes. */
  readonly crl: Uint8Array;
}

interface Row {
  readonly certificateId: string;
  readonly serviceId: string;
  readonly serialNumber: string;
  readonly fingerprint: string | null;
  readonly status: string;
  readonly notAfter: number;
  readonly metadata: string;
}

/** Holds the ledger against what really happened. @returns what there was to be held against it. */
export async function judge({ entries, db, crl }: Evidence) {
  const rows = await readRows(db);
  const failed = entries.filter((entry) => entry.kind === 'failed');
  assert.deepEqual(failed, [], 'nothing was refused');
  assert.deepEqual(
    rows.filter(({ status }) => status === 'intent'),
    [],
    'every intent is settled',
  );
  const signed = judgeSignatures(entries, rows);
  const abandoned = rows.filter(({ status }) => status === 'abandoned');
  judgeCrl(crl, abandoned);
  judgeAnswers(entries, rows);
  await judgeCounters(db, rows);
  const head = await auditHead(db);
  assert.deepEqual(await verifyAuditChain(auditChain(db, head), head), { ok: true, entries: head.sequence });
  const lost = abandoned.filter(({ serialNumber }) => signed.has(serialNumber));
  return { signed: signed.size, abandoned: abandoned.length, signedAndAbandoned: lost.length };
}

function readRows(db: StoreReader): Promise<Row[]> {
  return db
    .selectFrom('certificates')
    .select([
      'certificate_id as certificateId',
      'service_id as serviceId',
      'serial_number as serialNumber',
      'fingerprint_sha256 as fingerprint',
      'status',
      'not_after as notAfter',
      'metadata',
    ])
    .execute();
}

/** Nothing left the CA key that the ledger does not know: as the certificate it is, or as a serial number given up. */
function judgeSignatures(entries: readonly Entry[], rows: readonly Row[]): ReadonlySet<string> {
  const bySerial = Map.groupBy(rows, ({ serialNumber }) => serialNumber);
  const signed = new Set<string>();
  for (const { der } of entries.filter((entry) => entry.kind === 'signed')) {
    if (!isCertificate(fromHex(der))) continue;
    const serial = toHex(parseCertificate(fromHex(der)).serialNumber);
    assert.ok(!signed.has(serial), `serial number ${serial} was signed twice`);
    signed.add(serial);
    const known = bySerial.get(serial) ?? [];
    assert.equal(known.length, 1, `the ledger knows serial number ${serial} once`);
    const row = known[0] as Row;
    if (row.status === 'abandoned') continue;
    assert.equal(row.status, 'active');
    assert.equal(row.fingerprint, createHash('sha256').update(fromHex(der)).digest('hex'));
  }
  for (const [serial, same] of bySerial) assert.equal(same.length, 1, `serial number ${serial} was given once`);
  return signed;
}

/**
 * A tbsCertificate begins with its version in [0], a tbsCertList with an INTEGER (RFC 5280 s4.1, s5.1); the text with
 * which a key is tried when it is loaded is no SEQUENCE.
 */
function isCertificate(der: Uint8Array): boolean {
  const signed = readSingleSequence(der);
  return signed.peekTag() === Tag.sequence && signed.readSequence().peekTag() !== Tag.integer;
}

/** A signature may exist for each serial number that was given up, so relying parties must be told. */
function judgeCrl(crl: Uint8Array, abandoned: readonly Row[]): void {
  const listed = new Set<string>();
  for (const { serialNumber } of parseCertificateList(crl).entries()) listed.add(toHex(serialNumber));
  const missing = abandoned.filter(({ serialNumber }) => !listed.has(serialNumber));
  assert.equal(missing.length, 0, 'every serial number that was given up is in the CRL');
}

/** What was answered is in the ledger, and a ticket gets the same certificate for ever. */
function judgeAnswers(entries: readonly Entry[], rows: readonly Row[]): void {
  const answers = entries.filter((entry) => entry.kind === 'answered');
  const answersByTicket = Map.groupBy(answers, ({ ticket }) => ticket);
  const rowsByTicket = Map.groupBy(rows, ticketOf);
  for (const { ticket } of entries.filter((entry) => entry.kind === 'asked')) {
    const all = answersByTicket.get(ticket) ?? [];
    assert.ok(all.length > 0, `${ticket} was answered at last`);
    assert.ok(all.filter(({ replayed }) => !replayed).length <= 1, `${ticket}: later answers say that they repeat`);
    const issued = (rowsByTicket.get(ticket) ?? []).filter(({ status }) => status === 'active');
    assert.equal(issued.length, 1, `the ledger has one certificate for ${ticket}`);
    for (const { certificateId, fingerprint } of all) {
      assert.equal(certificateId, issued[0]?.certificateId, `the answers to ${ticket} name that one`);
      assert.equal(fingerprint, issued[0]?.fingerprint);
    }
  }
}

function ticketOf({ metadata }: Row): string | undefined {
  return (JSON.parse(metadata) as { ticket?: string }).ticket;
}

const dayMs = 86_400_000;

/** The counters that the ledger keeps are what counting again gives. */
async function judgeCounters(db: StoreReader, rows: readonly Row[]): Promise<void> {
  const active = rows.filter(({ status }) => status === 'active');
  const services = await db.selectFrom('services').select(['service_id', 'active_certificates']).execute();
  const held = Map.groupBy(active, ({ serviceId }) => serviceId);
  for (const { service_id, active_certificates } of services) {
    assert.equal(active_certificates, held.get(service_id)?.length ?? 0, `the quota of ${service_id}`);
  }
  const days = await db
    .selectFrom('certificate_counts')
    .select(['expiry_day', 'count'])
    .where('status', '=', 'active')
    .execute();
  const expiring = Map.groupBy(active, ({ notAfter }) => Math.floor(notAfter / dayMs));
  assert.deepEqual(
    new Map(days.map(({ expiry_day, count }) => [expiry_day, Number(count)])),
    new Map([...expiring].map(([day, { length }]) => [day, length])),
  );
}
