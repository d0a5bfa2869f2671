import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { verifyAuditChain } from '../../apps/server/src/audit/index.ts';
import { auditChain, auditHead, openStore, openStoreReader } from '../../apps/server/src/store/index.ts';
import { sqliteUrl } from '../support/databases.ts';
import { anEvent, anIssuer, issue } from './ledger-inputs.ts';
import { outcomesOf } from './outcomes.ts';

const audit = anEvent();

/** The thread that the next store starts. */
function nextWorker(): Promise<Worker> {
  return new Promise((resolve) => process.once('worker', resolve));
}

test('a second store on the same file is refused, readers are not', async (t) => {
  const url = await sqliteUrl(t);
  const store = await openStore({ url });
  await assert.rejects(openStore({ url }), /in use/);
  const reader = openStoreReader(url);
  await store.ledger.submit('recordEvent', { audit });
  assert.equal((await auditHead(reader)).sequence, 1);
  await reader.destroy();
  await store.close();
  await (await openStore({ url })).close();
});

test('a closed ledger can be read and leaves no log file behind', async (t) => {
  const url = await sqliteUrl(t);
  const store = await openStore({ url });
  await store.ledger.submit('recordEvent', { audit });
  await store.close();
  const files = await readdir(dirname(url.slice('sqlite:'.length)));
  assert.deepEqual(files.sort(), ['ledger.db', 'ledger.db.lock']);
  const reader = openStoreReader(url);
  const head = await auditHead(reader);
  assert.deepEqual(await verifyAuditChain(auditChain(reader, head), head), { ok: true, entries: 1 });
  await reader.destroy();
});

test('when the writing thread dies, what waits is rejected and the store says so', async (t) => {
  const url = await sqliteUrl(t);
  const failures: unknown[] = [];
  const started = nextWorker();
  const store = await openStore({ url, observer: { failed: (error) => failures.push(error) } });
  const worker = await started;
  await store.ledger.submit('recordEvent', { audit });
  // Two batches: one under way, one waiting behind it.
  const submitted = Array.from({ length: 600 }, () => store.ledger.submit('recordEvent', { audit }));
  const outcomes = outcomesOf(submitted);
  await new Promise(setImmediate);
  await worker.terminate();
  assert.ok((await outcomes).every((outcome) => outcome === 'failure'));
  assert.equal(store.isHealthy(), false);
  assert.ok(failures.length > 0);
  await assert.rejects(store.ledger.submit('recordEvent', { audit }), /thread/);
  // Reading goes on, and what was promised is there.
  const { sequence } = await auditHead(store.read);
  assert.ok(sequence === 1 || sequence === 513, String(sequence));
  await store.close();
  await (await openStore({ url })).close();
});

test('a database that cannot be opened is refused at once', async () => {
  await assert.rejects(openStore({ url: 'sqlite:/nowhere/at/all/ledger.db' }));
  await assert.rejects(openStore({ url: 'mysql://x' }), TypeError);
});

test('kill -9: what was acknowledged is there, the chain is whole, the file is free', async (t) => {
  const url = await sqliteUrl(t);
  for (let round = 0; round < 3; round += 1) {
    const acknowledged = await killedWriter(url);
    const store = await openStore({ url });
    const rows = await store.read.selectFrom('certificates').select('certificate_id').execute();
    const recorded = new Set(rows.map((row) => row.certificate_id));
    assert.ok(acknowledged.length > 0);
    assert.deepEqual(
      acknowledged.filter((id) => !recorded.has(id)),
      [],
    );
    const head = await auditHead(store.read);
    assert.equal((await verifyAuditChain(auditChain(store.read, head), head)).ok, true);
    await store.close();
  }
});

/** Kills a process in the middle of writing; gives the ids that it had been promised. */
async function killedWriter(url: string): Promise<string[]> {
  const program = fileURLToPath(new URL('./restless-writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@vcc-pki/source', program, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === 40) child.kill('SIGKILL');
  }
  assert.deepEqual(await exited, [null, 'SIGKILL']);
  return acknowledged;
}

test('a store is usable by the thread of its own process while it writes', async (t) => {
  const store = await openStore({ url: await sqliteUrl(t) });
  await store.ledger.submit('recordIssuer', anIssuer());
  const writing = Promise.all(Array.from({ length: 200 }, () => issue(store)));
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await writing;
  clearInterval(timer);
  // A commit takes some milliseconds; were it here, timers would come late by all of them together.
  assert.ok(longest < 100, `the event loop stood still for ${longest.toFixed(0)} ms`);
  await store.close();
});
