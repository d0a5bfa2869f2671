// The revocation snapshot of a server, of its neighbour in a cluster, and of one that was restarted.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePem } from '@vcc-pki/asn1';
import { startServer, systemClock } from '@vcc-pki/server';
import { parseRevocationSnapshot, RevocationSnapshot, serialFromHex } from '@vcc-pki/x509';
import { assertProblem } from '../support/assert-problem.ts';
import { type Answer, callApi } from '../support/call-api.ts';
import { postgresUrl } from '../support/databases.ts';
import { openFeed } from '../support/event-feed.ts';
import { freePorts } from '../support/free-ports.ts';
import { dayMs, hourMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import type { RunningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';

const snapshotPath = '/api/v1/revocations/snapshot';
const deltaPath = (from: number): string => `/api/v1/revocations/delta?from=${from}`;

async function get(pki: RunningPki, path: string): Promise<Answer> {
  const answer = await pki.call('GET', path);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['content-type'], 'application/vnd.vcc.revocation-snapshot');
  return answer;
}

const verification = (pki: RunningPki, at: number) => {
  const [issuer] = parsePem(pki.intermediatePem);
  assert.ok(issuer);
  return { issuer: issuer.der, at };
};

async function revoke(pki: RunningPki, service: string, body: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { certificateId, answer } = await pki.issueFor(service, { body });
  const revoked = await pki.call('DELETE', `/api/v1/certificates/${certificateId}/revoke?reason=superseded`);
  assert.equal(revoked.status, 200, revoked.text);
  return `${answer.body['serial_number']}`;
}

describeOverDatabases('the revocation snapshot', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock });

  test('has what is revoked; a delta has what came after; both can be kept', async () => {
    const pki = shared();
    const before = await revoke(pki, 'veritas-backend');
    const answer = await get(pki, snapshotPath);
    const snapshot = await RevocationSnapshot.open(answer.bytes, verification(pki, clock.now()));
    assert.ok(snapshot.isRevoked(serialFromHex(before)));
    const after = await revoke(pki, 'veritas-backend');
    assert.ok(!snapshot.isRevoked(serialFromHex(after)));
    const delta = await get(pki, deltaPath(snapshot.revision));
    assert.equal(parseRevocationSnapshot(delta.bytes).kind, 'delta');
    assert.equal(await snapshot.apply(delta.bytes, clock.now()), 'applied');
    assert.ok(snapshot.isRevoked(serialFromHex(after)));
    for (const [path, { headers }] of [
      [snapshotPath, await get(pki, snapshotPath)],
      [deltaPath(snapshot.revision), await get(pki, deltaPath(snapshot.revision))],
    ] as const) {
      const again = await pki.call('GET', path, { headers: { 'if-none-match': `${headers['etag']}` } });
      assert.equal(again.status, 304);
    }
  });

  test('is for those who have a certificate, and asks for a number', async () => {
    const pki = shared();
    assertProblem(await pki.call('GET', snapshotPath, { as: null }), 'unauthorized');
    for (const from of ['', 'x', '-1', '2147483648']) {
      assertProblem(await pki.call('GET', `/api/v1/revocations/delta?from=${from}`), 'malformed', 'from');
    }
  });

  test('is whole again after a restart, and for who is ahead or far behind', async () => {
    const pki = shared();
    const serial = await revoke(pki, 'covina-backend');
    await pki.restart();
    for (const path of [snapshotPath, deltaPath(0), deltaPath(1_000_000)]) {
      const snapshot = await RevocationSnapshot.open((await get(pki, path)).bytes, verification(pki, clock.now()));
      assert.ok(snapshot.isRevoked(serialFromHex(serial)), path);
    }
  });

  test('does not have what has ended, and is signed anew in time', async () => {
    const pki = shared();
    const gone = await revoke(pki, 'clara-backend', { validity_days: 2 });
    const stays = await revoke(pki, 'clara-backend', { validity_days: 30 });
    clock.advance(3 * dayMs);
    const open = async () =>
      RevocationSnapshot.open((await get(pki, snapshotPath)).bytes, verification(pki, clock.now()));
    const snapshot = await open();
    assert.ok(!snapshot.isRevoked(serialFromHex(gone)));
    assert.ok(snapshot.isRevoked(serialFromHex(stays)));
    const { nextUpdate } = snapshot;
    clock.advance(31 * 60_000);
    assert.ok((await open()).nextUpdate > nextUpdate);
  });

  test('is of the present again when the clock was put back by hours', async () => {
    const pki = shared();
    // Away from the moment in which the certificates of this PKI begin.
    clock.advance(dayMs);
    const serial = await revoke(pki, 'vpb-backend');
    const { thisUpdate } = parseRevocationSnapshot((await get(pki, snapshotPath)).bytes);
    clock.advance(-5 * hourMs);
    const snapshot = await RevocationSnapshot.open(
      (await get(pki, snapshotPath)).bytes,
      verification(pki, clock.now()),
    );
    assert.ok(snapshot.thisUpdate < thisUpdate && snapshot.thisUpdate <= clock.now());
    assert.ok(snapshot.isRevoked(serialFromHex(serial)));
    const later = await revoke(pki, 'vpb-backend');
    assert.equal(await snapshot.apply((await get(pki, deltaPath(snapshot.revision))).bytes, clock.now()), 'applied');
    assert.ok(snapshot.isRevoked(serialFromHex(later)));
  });
});

describe('the feed of every server of a cluster', () => {
  const shared = sharedPki(async (lifetime) => ({ databaseUrl: await postgresUrl(lifetime) }));

  test('tells a revocation at once, whichever server it was made at', async (t) => {
    const pki = shared();
    const [port, publicPort] = await freePorts(2);
    const { directory, passphrase } = pki;
    const silent = { write: () => undefined };
    const other = await startServer({ directory, passphrase, clock: systemClock, port, publicPort, logTo: silent });
    t.after(() => other.close());
    const snapshot = await RevocationSnapshot.open((await get(pki, snapshotPath)).bytes, verification(pki, Date.now()));
    const feed = await openFeed(t, pki, { query: '?types=revocation' });
    for (const url of [pki.apiUrl, `https://localhost:${port}`]) {
      const { certificateId, answer } = await pki.issueFor('veritas-backend');
      const revoked = await callApi(`${url}/api/v1/certificates/${certificateId}/revoke?reason=superseded`, {
        method: 'DELETE',
        ca: pki.rootPem,
        as: pki.admin,
      });
      assert.equal(revoked.status, 200, revoked.text);
      const start = performance.now();
      const serial = serialFromHex(`${answer.body['serial_number']}`);
      while (!snapshot.isRevoked(serial)) {
        const { data } = await feed.next('revocation');
        await snapshot.apply(Buffer.from(data, 'base64'), Date.now());
      }
      // 200 ms is what docs/revocation.md says; a machine that runs other tests too may take its time.
      assert.ok(performance.now() - start < 2_000);
    }
    await other.close();
  });
});
