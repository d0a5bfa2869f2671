import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { openStoreReader } from '../../apps/server/src/store/index.ts';
import { postgresUrl } from '../support/databases.ts';
import { newRequest, runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Client } from './client.ts';
import { type Entry, Journal, pendingTickets, readJournals } from './journal.ts';
import { judge } from './judge.ts';
import { runRounds } from './rounds.ts';
import { withRoom } from './tickets.ts';
import { freePorts } from './victim-plan.ts';

/** Two hundred kills in all; two folders at a time, since a victim keeps about one core busy. */
describe('kill -9 at each step of an issuance', { concurrency: 2 }, () => {
  test('SQLite, 60 times', (t) => killAndJudge(t, { count: 60 }));
  test('SQLite in another folder, 60 times', (t) => killAndJudge(t, { count: 60 }));
  test('PostgreSQL, 80 times', async (t) => killAndJudge(t, { count: 80, databaseUrl: await postgresUrl(t) }));
});

async function killAndJudge(t: TestContext, { count, databaseUrl }: { count: number; databaseUrl?: string }) {
  const pki = await runningPki(t, { databaseUrl, configure: withRoom });
  await pki.server().close();
  const journals = await temporaryDirectory(t);
  const codeCache = await temporaryDirectory(t);
  const csrs = await Promise.all(Array.from({ length: 4 }, async () => (await newRequest()).csr));
  await runRounds({ pki, journals, codeCache, csrs, count, serverEvery: 13 });

  await pki.restart(freePorts);
  const client = new Client({ pki, apiUrl: pki.server().apiUrl, csrs, journal: new Journal(journals, 'last') });
  await askAgain(client, await readJournals(journals));
  const crl = await client.crl();
  await client.close();
  const db = openStoreReader(databaseUrl ?? `sqlite:${pki.directory}/database/pki_server.db`);
  t.after(() => db.destroy());
  const found = await judge({ entries: await readJournals(journals), db, crl });
  t.diagnostic(`${count} kills: ${JSON.stringify(found)}`);
  // Half of the kills fall between the intent and its record, half of these behind the signature.
  assert.ok(found.abandoned >= Math.floor(count / 2), 'kills left intents behind');
  assert.ok(found.signedAndAbandoned >= Math.floor(count / 4), 'kills left signatures behind that nobody got');
}

/** Asks for every ticket that has no answer yet, and for some that have, which must get the same again. */
async function askAgain(client: Client, entries: readonly Entry[]): Promise<void> {
  const answered = entries.filter((entry) => entry.kind === 'answered').slice(0, 20);
  for (const ticket of [...pendingTickets(entries), ...answered.map(({ ticket }) => ticket)]) await client.ask(ticket);
}
