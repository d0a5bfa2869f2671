import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { toHex } from '@vcc-pki/asn1';
import { startServer } from '@vcc-pki/server';
import { parseCertificate, verifyCertificationPath } from '@vcc-pki/x509';
import { postgresUrl } from '../../support/databases.ts';
import { dayMs, hourMs, manualClock } from '../../support/manual-clock.ts';
import { answerOf, ocspClient, onlyDer, serialOf } from '../../support/ocsp-client.ts';
import { type RunningPki, runningPki } from '../../support/running-pki.ts';

/** Asks until the answer is as hoped for, at most five seconds; the last answer is given either way. */
async function until<T>(ask: () => Promise<T>, isHoped: (answer: T) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    if (isHoped(answer) || attempt === 100) return answer;
    await delay(50);
  }
}

test('the responder certificate is replaced before half of its life, and old answers go on verifying', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, { clock });
  const leaf = await pki.issueFor('veritas-backend');
  const client = ocspClient(pki);
  const request = client.request(serialOf(leaf));
  const signerOf = (der: Uint8Array): string => toHex(answerOf(der).certificates[0] as Uint8Array);

  const first = (await client.post(request)).der;
  const { validity } = parseCertificate(answerOf(first).certificates[0] as Uint8Array);
  assert.equal(validity.notAfter - validity.notBefore, 7 * dayMs + 60_000);

  clock.advance(2 * dayMs);
  const beforeSwap = (await client.post(request)).der;
  assert.equal(signerOf(beforeSwap), signerOf(first));

  clock.advance(dayMs);
  const fresh = client.request(serialOf(leaf), { nonce: new Uint8Array(8) });
  const afterSwap = await until(
    async () => (await client.post(fresh)).der,
    (der) => signerOf(der) !== signerOf(first),
  );
  assert.notEqual(signerOf(afterSwap), signerOf(first));
  assert.ok(clock.now() < validity.notBefore + (validity.notAfter - validity.notBefore) / 2);

  const judge = (der: Uint8Array, at: number) =>
    verifyCertificationPath({
      endEntity: onlyDer(leaf.cert),
      intermediates: [onlyDer(pki.intermediatePem)],
      trustAnchors: [onlyDer(pki.rootPem)],
      ocspResponses: [der],
      at,
    });
  const [last] = answerOf(beforeSwap).responses;
  for (const [der, at] of [
    [beforeSwap, last?.nextUpdate ?? 0],
    [afterSwap, clock.now()],
  ] as const) {
    assert.equal((await judge(der, at)).revocation[0]?.status, 'good');
  }
});

test('a kept answer is given for half of its life, and then made anew', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, { clock });
  const client = ocspClient(pki);
  const request = client.request(serialOf(await pki.issueFor('veritas-backend')));
  const { der: first } = await client.post(request);
  clock.advance(6 * hourMs - 2000);
  assert.deepEqual((await client.post(request)).der, first);
  clock.advance(4000);
  const { der: second } = await client.post(request);
  assert.ok(answerOf(second).producedAt > answerOf(first).producedAt);
});

test('a restart makes a new responder certificate, and answers of the old one go on verifying', async (t) => {
  const pki = await runningPki(t);
  const leaf = await pki.issueFor('veritas-backend');
  const client = ocspClient(pki);
  const { der: before } = await client.post(client.request(serialOf(leaf)));
  await pki.restart();
  const { der: after } = await client.post(client.request(serialOf(leaf)));
  assert.notDeepEqual(answerOf(after).certificates, answerOf(before).certificates);
  for (const der of [before, after]) {
    const { revocation } = await verifyCertificationPath({
      endEntity: onlyDer(leaf.cert),
      intermediates: [onlyDer(pki.intermediatePem)],
      trustAnchors: [onlyDer(pki.rootPem)],
      ocspResponses: [der],
      at: Date.now(),
    });
    assert.equal(revocation[0]?.status, 'good');
  }
});

test('a serial whose certificate is only about to be signed is unknown, and revoked when it was given up', async (t) => {
  let isCrashing = false;
  const pki = await runningPki(t, {
    server: {
      faultPoint: (label) => {
        if (isCrashing && label === 'after-intent') throw new Error('the power fails');
      },
    },
  });
  isCrashing = true;
  await assert.rejects(pki.issueFor('veritas-backend'));
  isCrashing = false;
  const serial = serialOfIntent(pki);
  const client = ocspClient(pki);
  assert.equal((await client.ask(serial)).status.type, 'unknown');
  await pki.restart();
  const { status } = await client.ask(serial);
  assert.ok(status.type === 'revoked');
  assert.equal(status.reason, undefined);
});

function serialOfIntent(pki: RunningPki): string {
  const database = new DatabaseSync(pki.databaseUrl.slice('sqlite:'.length), { readOnly: true });
  try {
    const row = database.prepare("select serial_number from certificates where status = 'intent'").get();
    return `${row?.['serial_number']}`;
  } finally {
    database.close();
  }
}

test('another server of the cluster tells of a revocation within seconds, from its memory too', async (t) => {
  const pki = await runningPki(t, { databaseUrl: await postgresUrl(t) });
  const { directory, passphrase } = pki;
  const log: string[] = [];
  const other = await startServer({
    ...{ directory, passphrase, port: 0, publicPort: 0 },
    clock: { now: () => Date.now() },
    logTo: { write: (line) => void log.push(line) },
  });
  t.after(() => other.close());
  const leaf = await pki.issueFor('veritas-backend');
  const here = ocspClient(pki);
  const there = ocspClient({ ...pki, publicUrl: other.publicUrl });
  for (const client of [here, there]) assert.equal((await client.ask(serialOf(leaf))).status.type, 'good');

  const path = `/api/v1/certificates/${leaf.certificateId}/revoke`;
  assert.equal((await pki.call('DELETE', path, { body: { reason: 'superseded' } })).status, 200);
  const revokedAt = performance.now();
  assert.equal((await here.ask(serialOf(leaf))).status.type, 'revoked');
  const { status } = await until(
    () => there.ask(serialOf(leaf)),
    (answer) => answer.status.type === 'revoked',
  );
  assert.ok(status.type === 'revoked');
  assert.equal(status.reason, 'superseded');
  assert.ok(performance.now() - revokedAt < 3000, `${performance.now() - revokedAt} ms`);

  // And the other way round, the reason alone.
  const body = { reason: 'keyCompromise' };
  assert.equal((await pki.call('DELETE', path, { body })).status, 200);
  const later = await until(
    () => there.ask(serialOf(leaf)),
    (answer) => answer.status.type === 'revoked' && answer.status.reason === 'keyCompromise',
  );
  assert.ok(later.status.type === 'revoked' && later.status.reason === 'keyCompromise');
});
