import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type {
  AuditPage,
  CertificatePage,
  CertificateResource,
  KekConsumerList,
  KekLog,
  KekPage,
  KekResource,
} from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import { kekCertificateFacts } from '@vcc-pki/kek';
import { PathError, parseCertificate, verifyCertificationPath } from '@vcc-pki/x509';
import { assertProblem } from '../../support/assert-problem.ts';
import { allowService } from '../../support/configure.ts';
import { fetchKek } from '../../support/kek-consumer.ts';
import { dayMs, manualClock } from '../../support/manual-clock.ts';
import { describeOverDatabases } from '../../support/over-databases.ts';
import type { IssuedIdentity } from '../../support/running-pki.ts';

describeOverDatabases('key-encryption keys', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock, configure: allowService('themis', 'keks: { themis-main: [read, write] }') });
  const post = (path: string, body: unknown) => shared().call('POST', `/api/v1/keks${path}`, { body });
  const change = (id: string, action: string, force = false) => post(`/${id}/change`, { action, force });
  const show = async (id: string) => (await shared().call('GET', `/api/v1/keks/${id}`)).json() as KekResource;
  let themis: IssuedIdentity;
  let other: IssuedIdentity;
  let first: KekResource;
  let second: KekResource;

  const fetchIt = (kekId: string, as = themis, acceptCompromised = false) =>
    fetchKek(shared().call, { as, kekId, now: clock.now(), acceptCompromised });
  const report = (epoch: number, records?: { version: number; records: number }[]) =>
    shared().call('POST', '/api/v1/keks/themis-main/consumers', {
      as: themis,
      body: { instance: 'one', epoch, ...(records && { scan: { records } }) },
    });

  before(async () => {
    themis = await shared().issueFor('themis');
    other = await shared().issueFor('veritas-backend');
  });

  test('a new line has a primary key with a certificate that is a KEK and nothing else', async () => {
    const made = await post('', { line: 'themis-main' });
    assert.equal(made.status, 201, made.text);
    first = made.json() as KekResource;
    assert.deepEqual(
      [first.line, first.version, first.kem, first.state, first.epoch],
      ['themis-main', 1, 'X25519', 'PRIMARY', 1],
    );
    const der = parsePem(first.cert)[0]!.der;
    const facts = kekCertificateFacts(parseCertificate(der));
    assert.deepEqual([facts.line, facts.lineId, facts.version], ['themis-main', first.line_id, 1]);
    const path = {
      endEntity: der,
      intermediates: [parsePem(shared().intermediatePem)[0]!.der],
      trustAnchors: [parsePem(shared().rootPem)[0]!.der],
      at: clock.now(),
      revocation: 'none',
      conformance: 'profile',
    } as const;
    await verifyCertificationPath({ ...path, purpose: 'kek' });
    for (const purpose of ['serverAuth', 'clientAuth'] as const) {
      await assert.rejects(
        verifyCertificationPath({ ...path, purpose }),
        (error: unknown) => error instanceof PathError && error.code === 'keyNotAllowed',
      );
    }
    assertProblem(await post('', { line: 'themis-main' }), 'conflict');
  });

  test('the certificate is found under the names of the mission', async () => {
    const list = (
      await shared().call('GET', '/api/v1/certificates?type=KEK', { as: themis })
    ).json() as CertificatePage;
    assert.deepEqual(
      list.items.map(({ id, cert, valid_until }) => [id, cert, valid_until]),
      [[first.id, first.cert, first.valid_until]],
    );
    const one = (
      await shared().call('GET', `/api/v1/certificates/${first.id}`, { as: themis })
    ).json() as CertificateResource;
    assert.deepEqual(one.kek, { ...first, grants: ['read', 'write'] });
    assert.equal(one.certificate_pem, first.cert);
    const none = await shared().call('GET', '/api/v1/certificates?type=KEK', { as: other });
    assert.deepEqual(none.json(), { items: [], next_cursor: null });
    assertProblem(await shared().call('GET', `/api/v1/certificates/${first.id}`, { as: other }), 'forbidden');
    assertProblem(await shared().call('GET', '/api/v1/certificates/kek_999', { as: themis }), 'notFound');
  });

  test('a service with a grant is given the secret, sealed; each delivery is audited', async () => {
    const { answer, opened } = await fetchIt(first.id);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const again = await fetchKek(shared().call, { as: themis, kekId: first.id, now: clock.now(), kem: 'X-Wing' });
    assert.deepEqual(again.opened?.root, opened?.root);
    assertProblem((await fetchIt(first.id, other)).answer, 'forbidden');
    assertProblem((await fetchIt('kek_999')).answer, 'notFound');
    const audit = (await shared().call('GET', '/api/v1/audit?action=kek-open&service=themis')).json() as AuditPage;
    assert.deepEqual(
      audit.items.filter(({ status }) => status === 'success').map(({ details }) => details['kek_id']),
      [first.id, first.id],
    );
    assert.ok(!audit.items.some((entry) => JSON.stringify(entry).includes(Buffer.from(opened!.root).toString('hex'))));
  });

  test('grants of the API add to those of the whitelist, and are taken away again', async () => {
    const path = '/api/v1/keks/themis-main/grants/veritas-backend';
    const granted = await shared().call('PUT', path, { body: { grants: ['seal'] } });
    assert.equal(granted.status, 200, granted.text);
    // The certificate, to seal to; never the secret.
    assert.equal((await shared().call('GET', `/api/v1/keks/${first.id}`, { as: other })).status, 200);
    assertProblem((await fetchIt(first.id, other)).answer, 'forbidden');
    await shared().call('PUT', path, { body: { grants: ['read'] } });
    assert.deepEqual((await fetchIt(first.id, other)).answer.body['policy'], {
      ...(first && { kek_id: first.id, line: first.line, line_id: first.line_id, version: 1, epoch: 1 }),
      ...{ state: 'PRIMARY', compromised: false, grants: ['read'] },
      ...{ not_before_write: first.not_before_write, not_after_write: first.not_after_write },
      issued_at: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
    });
    const list = (await shared().call('GET', '/api/v1/keks/themis-main/grants')).body;
    assert.deepEqual(list['items'], [
      { service_id: 'themis', grants: ['read', 'write'], source: 'whitelist' },
      { service_id: 'veritas-backend', grants: ['read'], source: 'api' },
    ]);
    assert.equal((await shared().call('DELETE', path)).status, 200);
    assertProblem(await shared().call('DELETE', path), 'notFound');
    assertProblem((await fetchIt(first.id, other)).answer, 'forbidden');
    assertProblem(await shared().call('PUT', path, { body: { grants: ['read'] }, as: themis }), 'forbidden');
    const nobody = '/api/v1/keks/themis-main/grants/nobody-knows';
    assertProblem(await shared().call('PUT', nobody, { body: { grants: ['read'] } }), 'notFound');
  });

  test('a new version waits for every live consumer before it is primary', async () => {
    await report(1);
    const rotated = await shared().call('POST', `/api/v1/certificates/${first.id}/rotate`);
    assert.equal(rotated.status, 201, rotated.text);
    second = rotated.json() as KekResource;
    assert.deepEqual([second.version, second.state, second.epoch], [2, 'PENDING', 2]);
    assertProblem(await post('/themis-main/rotate', {}), 'conflict');
    const early = await change(second.id, 'promote');
    assertProblem(early, 'kekNotAcknowledged');
    assert.deepEqual(early.body['consumers'], ['themis/one']);
    assertProblem(await report(3), 'malformed', 'epoch');
    // Fetched while PENDING: it is written under as soon as it is promoted, without another delivery.
    await fetchIt(second.id);
    assert.deepEqual((await report(2)).body, { line: 'themis-main', epoch: 2 });
    const promoted = await change(second.id, 'promote');
    assert.equal(promoted.body['state'], 'PRIMARY', promoted.text);
    assert.equal((await show(first.id)).state, 'ENABLED');
    assert.equal((await show('themis-main')).id, second.id);
    const { holders } = (await shared().call('GET', '/api/v1/keks/themis-main/consumers')).json() as KekConsumerList;
    assert.ok(holders.some(({ version, could_write }) => version === 2 && could_write));
  });

  test('the old version is not disabled while records remain, nor after one clean scan', async () => {
    assertProblem(await change(first.id, 'disable'), 'kekInUse');
    await report(3, [{ version: 1, records: 12 }]);
    const used = await change(first.id, 'disable');
    assertProblem(used, 'kekInUse');
    assert.deepEqual(used.body['services'], [{ service_id: 'themis', records: 12 }]);
    await report(3, [{ version: 1, records: 0 }]);
    assertProblem(await change(first.id, 'disable'), 'kekInUse');
    // A scan of before the promotion was known proves nothing.
    await report(2, [{ version: 1, records: 0 }]);
    assertProblem(await change(first.id, 'disable'), 'kekInUse');
    await report(3, [{ version: 1, records: 0 }]);
    await report(3, [{ version: 1, records: 0 }]);
    assert.equal((await change(first.id, 'disable')).body['state'], 'DISABLED');
    assertProblem((await fetchIt(first.id)).answer, 'kekDisabled');
  });

  test('disabled is not yet gone; destroyed is', async () => {
    assert.equal((await change(first.id, 'enable')).body['state'], 'ENABLED');
    assert.equal((await fetchIt(first.id)).answer.status, 200);
    await report(5, [{ version: 1, records: 0 }]);
    await report(5, [{ version: 1, records: 0 }]);
    await change(first.id, 'disable');
    assertProblem(await change(first.id, 'destroy'), 'kekInUse');
    clock.advance(7 * dayMs);
    assert.equal((await change(first.id, 'destroy')).body['state'], 'DESTROYED');
    assertProblem((await fetchIt(first.id)).answer, 'kekDestroyed');
    for (const action of ['promote', 'enable', 'disable', 'destroy']) {
      assertProblem(await change(first.id, action, true), 'conflict');
    }
    assert.equal((await show(first.id)).state, 'DESTROYED');
  });

  test('a compromised primary is replaced at once, revoked, and read only by who says so', async () => {
    const before = await show(second.id);
    // There is a next version already: it is the one that takes the place.
    const pending = (await post('/themis-main/rotate', {})).json() as KekResource;
    assert.equal((await fetchIt(second.id)).answer.status, 200);
    const given = await change(second.id, 'compromise');
    assert.deepEqual(
      [given.body['state'], given.body['compromised'], given.body['revoked']],
      ['ENABLED', true, true],
      given.text,
    );
    const primary = await show('themis-main');
    assert.deepEqual([primary.id, primary.version, primary.state], [pending.id, 3, 'PRIMARY']);
    const check = (await shared().call('GET', `/api/v1/crl/check/${before.serial_number}`)).body;
    assert.deepEqual([check['revoked'], check['reason']], [true, 'keyCompromise']);
    assertProblem((await fetchIt(second.id)).answer, 'kekRevoked');
    const { answer } = await fetchIt(second.id, themis, true);
    assert.deepEqual((answer.body['policy'] as { grants: string[] }).grants, ['read']);
    assertProblem(await change(second.id, 'promote', true), 'kekRevoked');
  });

  test('the ordinary revocation of its certificate ends a primary too, and the next version is primary at once', async () => {
    const primary = await show('themis-main');
    const revoked = await shared().call('DELETE', `/api/v1/certificates/${primary.id}/revoke?reason=superseded`);
    assert.equal(revoked.status, 200, revoked.text);
    const after = await show(primary.id);
    assert.deepEqual([after.state, after.revoked, after.compromised], ['ENABLED', true, false]);
    assertProblem(await shared().call('GET', '/api/v1/keks/themis-main'), 'notFound');
    const next = (await post('/themis-main/rotate', {})).json() as KekResource;
    assert.equal(next.state, 'PRIMARY');
  });

  test('the log has every change with a growing epoch, and no line ever has two primary keys', async () => {
    const log = (await shared().call('GET', '/api/v1/keks/themis-main/log', { as: themis })).json() as KekLog;
    const epochs = log.items.map(({ epoch }) => epoch);
    assert.deepEqual(
      epochs.toSorted((a, b) => b - a),
      epochs,
    );
    assert.equal(epochs[0], log.epoch);
    const page = (await shared().call('GET', '/api/v1/keks?line=themis-main&limit=2')).json() as KekPage;
    assert.deepEqual([page.items.length, page.items[0]?.state], [2, 'PRIMARY']);
    const rest = await shared().call('GET', `/api/v1/keks?line=themis-main&cursor=${page.next_cursor}`);
    assert.deepEqual(
      (rest.json() as KekPage).items.map(({ version }) => version),
      [2, 1],
    );
    const primaries = await shared().call('GET', '/api/v1/keks?state=PRIMARY');
    assert.equal((primaries.json() as KekPage).items.length, 1);
  });

  test('metrics tell how long each line may be written under, and how deliveries go', async () => {
    const primary = await show('themis-main');
    const { text } = await shared().call('GET', '/metrics');
    const seconds = Date.parse(primary.not_after_write) / 1000;
    const gauge = `vcc_pki_kek_not_after_write_timestamp_seconds{line="themis-main"} ${seconds}`;
    assert.ok(text.includes(gauge), gauge);
    assert.match(text, /^vcc_pki_kek_deliveries_total\{outcome="delivered"\} [1-9]/m);
    assert.match(text, /^vcc_pki_kek_deliveries_total\{outcome="kekDestroyed"\} 1$/m);
  });

  test('what only administrators may do is refused to services', async () => {
    for (const [method, path, body] of [
      ['POST', '/api/v1/keks', { line: 'mine' }],
      ['POST', '/api/v1/certificates/kek_1/rotate', {}],
      ['POST', '/api/v1/keks/kek_1/change', { action: 'destroy', force: true }],
      ['GET', '/api/v1/keks/kek_1/consumers', undefined],
      ['GET', '/api/v1/keks/kek_1/grants', undefined],
    ] as const) {
      assertProblem(await shared().call(method, path, { as: themis, ...(body && { body }) }), 'forbidden');
    }
    assertProblem(await report(99_999), 'malformed', 'epoch');
    const foreign = { as: other, body: { instance: 'x', epoch: 0 } };
    assertProblem(await shared().call('POST', '/api/v1/keks/themis-main/consumers', foreign), 'forbidden');
  });
});
