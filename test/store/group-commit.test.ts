import assert from 'node:assert/strict';
import { verifyAuditChain } from '../../apps/server/src/audit/index.ts';
import { auditChain, auditHead, auditPage } from '../../apps/server/src/store/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { anEvent, anIntent, anIssuer, aRevocation, issue, noLimits, theCertificate } from './ledger-inputs.ts';
import { isProblem, outcomesOf } from './outcomes.ts';

forEachDatabase('operations submitted together share commits and keep their order', async (_t, openFresh) => {
  const commits: number[] = [];
  const store = await openFresh({ committed: ({ operations }) => commits.push(operations) });
  const ids = Array.from({ length: 300 }, (_, index) => `request-${index}`);
  const audits = ids.map((requestId) => anEvent({ requestId }));
  await Promise.all(audits.map((audit) => store.ledger.submit('recordEvent', { audit })));
  assert.equal(commits.length, 1);
  const { items } = await auditPage(store.read, { limit: 300 });
  assert.deepEqual(
    items.map(({ requestId }) => requestId),
    ids.toReversed(),
  );
});

forEachDatabase('no commit carries more than 512 operations', async (_t, openFresh) => {
  const commits: number[] = [];
  const store = await openFresh({ committed: ({ operations }) => commits.push(operations) });
  await Promise.all(Array.from({ length: 1100 }, () => store.ledger.submit('recordEvent', { audit: anEvent() })));
  assert.deepEqual(commits, [512, 512, 76]);
});

forEachDatabase('a refused operation leaves nothing behind and harms no other of its commit', async (_t, openFresh) => {
  const commits: number[] = [];
  const store = await openFresh({ committed: ({ operations }) => commits.push(operations) });
  await store.ledger.submit('recordIssuer', anIssuer());
  const good = anIntent();
  const sameSerial = anIntent({ serialNumber: good.serialNumber });
  const unknownIssuer = anIntent({ issuerId: 'ee'.repeat(20) });
  const last = anIntent();
  const outcomes = await outcomesOf(
    [good, sameSerial, unknownIssuer, last].map((intent) => store.ledger.submit('recordIntent', intent)),
  );
  assert.deepEqual(outcomes, ['ok', 'conflict', 'failure', 'ok']);
  assert.deepEqual(commits, [1, 4]);
  const rows = await store.read.selectFrom('certificates').select('certificate_id').execute();
  assert.deepEqual(rows.map((row) => row.certificate_id).sort(), [good.certificateId, last.certificateId].sort());
  const service = await store.read.selectFrom('services').select('active_certificates').executeTakeFirstOrThrow();
  assert.equal(service.active_certificates, 2);
  // The issuer and the two intents; nothing of the two that were undone.
  assert.equal((await auditHead(store.read)).sequence, 3);
});

forEachDatabase('a refusal arrives with its code, field and extras', async (_t, openFresh) => {
  const store = await openFresh();
  await store.ledger.submit('recordIssuer', anIssuer());
  const { certificateId } = await issue(store);
  await store.ledger.submit(
    'recordRevocation',
    aRevocation(certificateId, { reason: 'keyCompromise', blockKey: true }),
  );
  const { spkiSha256 } = await store.read
    .selectFrom('blocked_keys')
    .select('spki_sha256 as spkiSha256')
    .executeTakeFirstOrThrow();
  await assert.rejects(
    store.ledger.submit('recordIntent', anIntent({ spkiSha256 })),
    isProblem('badPublicKey', { field: 'csr' }),
  );
  const limits = { ...noLimits, maxCertificates: 0 };
  await assert.rejects(store.ledger.submit('recordIntent', anIntent({ limits })), isProblem('quotaExceeded'));
});

forEachDatabase('when the commit fails, every operation of it fails and nothing is recorded', async (_t, openFresh) => {
  const failures: unknown[] = [];
  const store = await openFresh({ failed: (error) => failures.push(error) });
  await store.ledger.submit('recordIssuer', anIssuer());
  // A row where the next audit event belongs: the chain cannot be written, so neither can what it records.
  const taken = `insert into audit_log (id, timestamp, action, status, details, previous_hash, hash)
    values (2, 0, 'x', 'x', '{}', '', '')`;
  await store.execute(taken);
  const intents = [anIntent(), anIntent(), anIntent()];
  const outcomes = await outcomesOf(intents.map((intent) => store.ledger.submit('recordIntent', intent)));
  assert.deepEqual(outcomes, ['failure', 'failure', 'failure']);
  assert.equal(failures.length, 1);
  assert.equal(store.isHealthy(), false);
  assert.deepEqual(await store.read.selectFrom('certificates').selectAll().execute(), []);
  assert.deepEqual(await store.read.selectFrom('services').selectAll().execute(), []);

  await store.execute('delete from audit_log where id = 2');
  await store.ledger.submit('recordIntent', intents[0]!);
  assert.equal(store.isHealthy(), true);
});

forEachDatabase('closing commits what was submitted and takes no more', async (_t, openFresh) => {
  const store = await openFresh();
  const submitted = Array.from({ length: 50 }, () => store.ledger.submit('recordEvent', { audit: anEvent() }));
  const closed = store.close();
  await assert.rejects(store.ledger.submit('recordEvent', { audit: anEvent() }), /closed/);
  await Promise.all(submitted);
  await closed;
  assert.equal(store.isHealthy(), false);
  const [head] = await store.execute('select sequence from audit_head');
  assert.equal(head?.['sequence'], 50);
});

forEachDatabase('the reading side refuses to write', async (_t, openFresh) => {
  const store = await openFresh();
  await assert.rejects(store.read.deleteFrom('audit_head').execute(), /read-?only/);
});

forEachDatabase('what a promise said is there for the next reader', async (_t, openFresh) => {
  const store = await openFresh();
  await store.ledger.submit('recordIssuer', anIssuer());
  for (let round = 0; round < 20; round += 1) {
    const intent = anIntent();
    await store.ledger.submit('recordIntent', intent);
    await store.ledger.submit('recordCertificate', theCertificate(intent));
    const found = await store.read
      .selectFrom('certificates')
      .select('status')
      .where('certificate_id', '=', intent.certificateId)
      .executeTakeFirst();
    assert.equal(found?.status, 'active');
  }
});

forEachDatabase('the chain has no gap and no fork under concurrent writers', async (_t, openFresh) => {
  const store = await openFresh();
  await store.ledger.submit('recordIssuer', anIssuer());
  const writers = Array.from({ length: 20 }, async () => {
    for (let round = 0; round < 10; round += 1) {
      await issue(store);
      await outcomesOf([store.ledger.submit('recordCertificate', theCertificate(anIntent()))]);
    }
  });
  await Promise.all(writers);
  const head = await auditHead(store.read);
  assert.equal(head.sequence, 1 + 20 * 10);
  assert.deepEqual(await verifyAuditChain(auditChain(store.read, head), head), { ok: true, entries: 201 });
});
