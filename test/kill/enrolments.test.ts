// Newcomers that enrol while the server is killed and started again, its database is locked, its clock is moved.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { EnrolmentResource, TokenPage } from '@vcc-pki/api';
import { verifyAuditChain } from '../../apps/server/src/audit/index.ts';
import type { FaultLabel } from '../../apps/server/src/issuance/deps.ts';
import { auditChain, auditHead, openStoreReader } from '../../apps/server/src/store/index.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { callApi } from '../support/call-api.ts';
import { postgresUrl } from '../support/databases.ts';
import { createToken, enrol } from '../support/enrol.ts';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { newRequest, type RunningPki, runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { withRoom } from './tickets.ts';
import { freePorts, lanes, type VictimPlan } from './victim-plan.ts';

const labels: readonly FaultLabel[] = ['before-intent', 'after-intent', 'after-signature', 'after-record'];

/** Each is one start of a whole server; more of them with `VCC_PKI_CHAOS_ROUNDS`. */
const rounds = Number(process.env['VCC_PKI_CHAOS_ROUNDS'] ?? labels.length);

/** No two rounds need more, and the last newcomers are left for the server that lives. */
const newcomersPerRound = lanes + 4;

interface Newcomer {
  readonly token: string;
  readonly tokenId: string;
  readonly csr: string;
  certificateId?: string;
}

test('killed at each step of an enrolment, nothing is lost and no token is used twice (SQLite)', (t) => killRounds(t));
test('the same over PostgreSQL', async (t) => killRounds(t, await postgresUrl(t)));

async function killRounds(t: TestContext, databaseUrl?: string): Promise<void> {
  const pki = await runningPki(t, { databaseUrl, configure: withRoom });
  const newcomers: Newcomer[] = [];
  for (let n = 0; n < rounds * newcomersPerRound; n++) {
    const { token, token_id: tokenId } = await createToken(pki, `test-${n % 3}`);
    newcomers.push({ token, tokenId, csr: (await newRequest()).csr });
  }
  await pki.server().close();
  const journals = await temporaryDirectory(t);
  for (let round = 0; round < rounds; round++) {
    // The first pass is the start's own: the certificate of the OCSP responder.
    const plan = { label: labels[round % labels.length] as FaultLabel, pass: 2 + (round % lanes) };
    await enrolUntilKilled(pki, { ...plan, journals, name: `enrolments-${round}` }, newcomers);
  }
  await pki.restart(freePorts);
  const { apiUrl } = pki.server();
  for (const newcomer of newcomers) assert.equal(await ask(pki, apiUrl, newcomer), 201);
  const ids = newcomers.map(({ certificateId }) => certificateId);
  assert.equal(new Set(ids).size, newcomers.length, 'every newcomer has a certificate of its own');
  const stranger = await newRequest();
  const late = newcomers[0] as Newcomer;
  assert.equal(await ask(pki, apiUrl, { ...late, csr: stranger.csr }), 403);
  await assertTokens(pki, apiUrl, newcomers);
  const db = openStoreReader(databaseUrl ?? `sqlite:${pki.directory}/database/pki_server.db`);
  t.after(() => db.destroy());
  const head = await auditHead(db);
  assert.equal((await verifyAuditChain(auditChain(db, head), head)).ok, true);
}

/** Every token names the certificate that its holder got, and that one is active. */
async function assertTokens(pki: RunningPki, apiUrl: string, newcomers: readonly Newcomer[]): Promise<void> {
  const call = { ca: pki.rootPem, as: pki.admin, method: 'GET' };
  const page = (await callApi(`${apiUrl}/api/v1/tokens?limit=500`, call)).json() as TokenPage;
  const byId = new Map(page.items.map((token) => [token.token_id, token]));
  for (const { tokenId, certificateId } of newcomers) {
    assert.deepEqual([byId.get(tokenId)?.status, byId.get(tokenId)?.certificate_id], ['used', certificateId]);
  }
}

type Kill = Pick<VictimPlan, 'label' | 'pass' | 'journals' | 'name'>;

async function enrolUntilKilled(pki: RunningPki, kill: Kill, newcomers: readonly Newcomer[]): Promise<void> {
  const passphrase = new TextDecoder().decode(pki.passphrase);
  const plan: VictimPlan = { ...kill, kind: 'server', directory: pki.directory, passphrase, csrs: [], pending: [] };
  const victim = fork(join(import.meta.dirname, 'victim.ts'), [JSON.stringify(plan)], {
    execArgv: ['--conditions=@vcc-pki/source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(victim, 'exit');
  const [apiUrl] = await Promise.race([once(victim, 'message'), exited]);
  assert.match(String(apiUrl), /^https:/, 'the server started');
  const waiting = newcomers.filter(({ certificateId }) => certificateId === undefined).values();
  const lane = async (): Promise<void> => {
    for (const newcomer of waiting) await ask(pki, String(apiUrl), newcomer);
  };
  await Promise.allSettled(Array.from({ length: lanes }, lane));
  // Ends the wait, and fails the test, should nobody have got to the step of the kill.
  victim.kill('SIGTERM');
  assert.equal((await exited)[1], 'SIGKILL', `${kill.name} was to die at ${kill.label}`);
}

/** Rejects when no answer comes. What a newcomer was given once it must be given always. */
async function ask(pki: RunningPki, apiUrl: string, newcomer: Newcomer): Promise<number> {
  const { token, csr } = newcomer;
  const answer = await callApi(`${apiUrl}/api/v1/enroll`, { method: 'POST', ca: pki.rootPem, body: { token, csr } });
  if (answer.status === 201) {
    const { certificate_id: certificateId } = answer.json() as EnrolmentResource;
    assert.equal(newcomer.certificateId ?? certificateId, certificateId);
    newcomer.certificateId = certificateId;
  }
  return answer.status;
}

test('a database that is locked for a while makes newcomers wait, and nothing else', async (t) => {
  const pki = await runningPki(t, { configure: withRoom });
  const { token } = await createToken(pki, 'test-one');
  const { csr } = await newRequest();
  const database = new DatabaseSync(join(pki.directory, 'database/pki_server.db'));
  t.after(() => database.close());
  database.exec('begin immediate');
  let isAnswered = false;
  const answer = enrol(pki, token, csr).finally(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(isAnswered, false);
  database.exec('rollback');
  assert.equal((await answer).status, 201, pki.log.slice(-4).join(''));
  assert.equal((await enrol(pki, token, csr)).headers['idempotency-replayed'], 'true');
});

test('a clock that is moved by hours ends tokens early or late, and breaks none', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, { clock, configure: withRoom });
  const [early, late] = [await createToken(pki, 'test-one'), await createToken(pki, 'test-two')];
  const [one, two] = [await newRequest(), await newRequest()];
  const first = await enrol(pki, early.token, one.csr);
  assert.equal(first.status, 201, first.text);
  clock.advance(-5 * hourMs);
  assert.deepEqual((await enrol(pki, early.token, one.csr)).body['certificate_id'], first.body['certificate_id']);
  assert.equal((await enrol(pki, late.token, two.csr)).status, 201);
  clock.advance(10 * hourMs);
  assertProblem(await enrol(pki, late.token, two.csr), 'enrolmentRefused');
});
