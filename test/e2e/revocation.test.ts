import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CertificateResource, CrlResource, RevocationResource, SerialCheckResource } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import { parseCertificateList } from '@vcc-pki/x509';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer, Identity } from '../support/call-api.ts';
import { allowService } from '../support/configure.ts';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import { publishedCrls, publishedCrlsWith } from '../support/published-crls.ts';
import { type IssuedIdentity, newRequest } from '../support/running-pki.ts';

const path = '/api/v1/certificates/';

describeOverDatabases('revocation', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock, configure: allowService('much', 'max_certificates: 100') });
  const issue = (body: Readonly<Record<string, unknown>> = {}): Promise<IssuedIdentity> =>
    shared().issueFor('much', { body });
  const revoke = (id: string, body: Readonly<Record<string, unknown>>, as?: Identity): Promise<Answer> =>
    shared().call('DELETE', `${path}${id}/revoke`, { body, as });
  const serialOf = ({ answer }: IssuedIdentity): string => (answer.json() as CertificateResource).serial_number;

  async function crl(): Promise<CrlResource> {
    const answer = await shared().call('GET', '/api/v1/crl', { headers: { accept: 'application/json' } });
    return answer.json() as CrlResource;
  }
  const entryOf = async (serial: string) => (await crl()).entries.find((entry) => entry.serial_number === serial);

  const words: readonly [string, string][] = [
    ['key_compromise', 'keyCompromise'],
    ['service_decommissioned', 'cessationOfOperation'],
    ['certificate_superseded', 'superseded'],
    ['privilege_change', 'privilegeWithdrawn'],
    ['security_policy_violation', 'privilegeWithdrawn'],
    ['affiliationChanged', 'affiliationChanged'],
    ['unspecified', 'unspecified'],
  ];
  for (const [word, reason] of words) {
    test(`${word} is ${reason}, in the answer, the ledger and the CRL`, async () => {
      const leaf = await issue();
      const answer = await revoke(leaf.certificateId, { reason: word });
      assert.equal(answer.status, 200, answer.text);
      const revoked = answer.json() as RevocationResource;
      assert.deepEqual([revoked.status, revoked.reason, revoked.service_name], ['revoked', reason, 'much']);
      assert.ok(Date.parse(revoked.effective_at) <= clock.now() + 10_000);
      const shown = (await shared().call('GET', `${path}${leaf.certificateId}`)).json() as CertificateResource;
      assert.deepEqual([shown.status, shown.revocation_reason], ['revoked', reason]);
      await publishedCrlsWith(shared(), serialOf(leaf));
      assert.equal((await entryOf(serialOf(leaf)))?.reason, reason);
    });
  }

  test('a reason is needed, and a hold is none', async () => {
    const leaf = await issue();
    for (const reason of ['certificateHold', 'removeFromCRL', 'cACompromise', 'aACompromise', 'hold', '', 6, null]) {
      assertProblem(await revoke(leaf.certificateId, { reason }), 'badRevocationReason', 'reason');
    }
    assertProblem(await revoke(leaf.certificateId, {}), 'badRevocationReason', 'reason');
    assertProblem(
      await shared().call('DELETE', `${path}${leaf.certificateId}/revoke`),
      'badRevocationReason',
      'reason',
    );
    const hold = await shared().call('DELETE', `${path}${leaf.certificateId}/revoke?reason=certificateHold`);
    assertProblem(hold, 'badRevocationReason', 'reason');
  });

  test("privilegeWithdrawn is the administrator's word; a service takes back its own, and no other's", async () => {
    const leaf = await issue();
    const other = await shared().issueFor('veritas-backend');
    assertProblem(
      await revoke(leaf.certificateId, { reason: 'privilege_change' }, leaf),
      'badRevocationReason',
      'reason',
    );
    const foreign = await revoke(other.certificateId, { reason: 'superseded' }, leaf);
    assert.ok([403, 404].includes(foreign.status), foreign.text);
    const bySerial = await shared().call('POST', '/api/v1/crl/revoke', {
      as: leaf,
      body: { serial_number: serialOf(other), reason: 'superseded' },
    });
    assert.ok([403, 404].includes(bySerial.status), bySerial.text);
    assert.equal((await revoke(leaf.certificateId, { reason: 'superseded' }, leaf)).status, 200);
  });

  test('revoked is revoked; only keyCompromise may come on top, with the first date', async () => {
    const leaf = await issue();
    await revoke(leaf.certificateId, { reason: 'superseded' });
    const since = new Date(clock.now()).toISOString().slice(0, 19);
    clock.advance(60_000);
    const again = await revoke(leaf.certificateId, { reason: 'superseded' });
    assertProblem(again, 'alreadyRevoked');
    assert.match(`${again.body['revoked_at']}`, new RegExp(`^${since}\\.\\d{3}Z$`));
    const changed = await revoke(leaf.certificateId, { reason: 'keyCompromise' });
    assert.equal(changed.status, 200, changed.text);
    assert.equal((changed.json() as RevocationResource).revoked_at, `${since}Z`);
    assertProblem(await revoke(leaf.certificateId, { reason: 'superseded' }), 'alreadyRevoked');
    assertProblem(await revoke(leaf.certificateId, { reason: 'keyCompromise' }), 'alreadyRevoked');
    await shared().restart();
    const entry = await entryOf(serialOf(leaf));
    assert.deepEqual([entry?.reason, entry?.revoked_at], ['keyCompromise', `${since}Z`]);
  });

  test('keyCompromise blocks the key and names the other certificates that have it', async () => {
    const { csr } = await newRequest();
    const leaf = await issue({ csr });
    const twin = await shared().issueFor('covina-backend', { body: { csr } });
    const answer = await revoke(leaf.certificateId, { reason: 'key_compromise' });
    const { same_key } = answer.json() as RevocationResource;
    assert.deepEqual(
      same_key.map(({ certificate_id, service_name, status }) => [certificate_id, service_name, status]),
      [[twin.certificateId, 'covina-backend', 'active']],
    );
    for (const service_name of ['much', 'vpb-backend']) {
      const refused = await shared().call('POST', `${path}request`, { body: { service_name, csr } });
      assertProblem(refused, 'badPublicKey', 'csr');
    }
    const renewal = await shared().call('POST', `${path}${twin.certificateId}/renew`, { body: { csr } });
    assertProblem(renewal, 'badPublicKey', 'csr');
  });

  test('an expired certificate needs no revocation', async () => {
    const leaf = await issue({ validity_hours: 1 });
    clock.advance(hourMs + 1000);
    assertProblem(await revoke(leaf.certificateId, { reason: 'superseded' }), 'certificateNotActive');
  });

  test('by serial number, as tools print it, or by id: one of both', async () => {
    const post = (body: object): Promise<Answer> => shared().call('POST', '/api/v1/crl/revoke', { body });
    const serials = async (): Promise<[string, string]> => {
      const leaf = await issue();
      const { serial_number, serial_number_decimal } = leaf.answer.json() as CertificateResource;
      return [serial_number, serial_number_decimal];
    };
    const forms: readonly ((hex: string, decimal: string) => string)[] = [
      (hex) => hex,
      (hex) => hex.toUpperCase(),
      (hex) => hex.toUpperCase().replace(/(..)(?=.)/g, '$1:'),
      (_hex, decimal) => decimal,
    ];
    for (const form of forms) {
      const [hex, decimal] = await serials();
      const serial = form(hex, decimal);
      const check = async (): Promise<SerialCheckResource> =>
        (await shared().call('GET', `/api/v1/crl/check/${serial}`)).json() as SerialCheckResource;
      const before = await check();
      assert.deepEqual([before.serial_number, before.revoked, before.status], [hex, false, 'active']);
      const answer = await post({ serial_number: serial, reason: 'superseded' });
      assert.equal(answer.status, 200, answer.text);
      const after = await check();
      assert.deepEqual([after.revoked, after.status, after.reason], [true, 'revoked', 'superseded']);
    }
    const { certificateId } = await issue();
    assertProblem(await post({ reason: 'superseded' }), 'malformed', 'serial_number');
    const both = { certificate_id: certificateId, serial_number: '01', reason: 'superseded' };
    assertProblem(await post(both), 'malformed', 'serial_number');
    assert.equal((await post({ certificate_id: certificateId, reason: 'superseded' })).status, 200);
    for (const unknown of ['01', '999999', 'ff:ff']) {
      assertProblem(await post({ serial_number: unknown, reason: 'superseded' }), 'notFound');
      assertProblem(await shared().call('GET', `/api/v1/crl/check/${unknown}`), 'notFound');
    }
    assertProblem(await shared().call('GET', '/api/v1/crl/check/xyz'), 'malformed', 'serial');
  });

  test('the day since when the key is suspect stands in the CRL, if it is one', async () => {
    const leaf = await issue();
    for (const invalidity_date of [
      'yesterday',
      '2026-02-31T00:00:00Z',
      '2026-99-01T00:00:00Z',
      '2026-01-01T00:00:00+01:00',
    ]) {
      const refused = await revoke(leaf.certificateId, { reason: 'keyCompromise', invalidity_date });
      assertProblem(refused, 'malformed', 'invalidity_date');
    }
    const invalidity_date = '2026-01-02T03:04:05Z';
    const answer = await revoke(leaf.certificateId, {
      reason: 'keyCompromise',
      invalidity_date,
      comment: 'laptop lost',
    });
    assert.equal((answer.json() as RevocationResource).invalidity_date, invalidity_date);
    await publishedCrlsWith(shared(), serialOf(leaf));
    assert.equal((await entryOf(serialOf(leaf)))?.invalidity_date, invalidity_date);
  });

  test('DER, PEM and JSON are the same list', async () => {
    await shared().restart();
    const get = (accept: string): Promise<Answer> => shared().call('GET', '/api/v1/crl', { headers: { accept } });
    const der = (await get('application/pkix-crl')).bytes;
    assert.deepEqual(Buffer.from(parsePem((await get('application/x-pem-file')).text)[0]!.der), der);
    assert.deepEqual((await shared().call('GET', '/api/v1/crl', { as: null })).bytes, der);
    const { entries, this_update, next_update } = await crl();
    const list = parseCertificateList(der);
    const serials = [...list.entries()].map(({ serialNumber }) => Buffer.from(serialNumber).toString('hex'));
    assert.deepEqual(
      entries.map(({ serial_number }) => serial_number),
      serials,
    );
    assert.deepEqual([Date.parse(this_update), Date.parse(next_update)], [list.thisUpdate, list.nextUpdate]);
  });

  test('an entry leaves the CRL some time after its certificate has expired', async () => {
    const leaf = await issue({ validity_hours: 2 });
    const serial = serialOf(leaf);
    await revoke(leaf.certificateId, { reason: 'superseded' });
    await publishedCrlsWith(shared(), serial);
    const nextCrl = async (): Promise<void> => {
      const { crl_number: before } = await crl();
      clock.advance(6 * hourMs);
      for (let tries = 0; (await crl()).crl_number === before; tries += 1) {
        assert.ok(tries < 200, 'no CRL is made when it is due');
        await sleep(50);
      }
    };
    clock.advance(hourMs);
    assert.ok(await entryOf(serial), 'not expired');
    // That the first CRL behind the end still has it (RFC 5280 s3.3) is held in test/revocation, where no second one can come
    // between. Each scope falls due at a moment of its own within half of its life; on a busy machine the shard comes some full CRLs later.
    for (let crls = 0; (await entryOf(serial)) !== undefined; crls += 1) {
      assert.ok(crls < 40, 'it is still listed');
      await nextCrl();
    }
  });

  test('CRL numbers rise, and the public listener has the newest', async () => {
    const number = async (): Promise<bigint> => BigInt((await crl()).crl_number);
    const before = await number();
    const leaf = await issue();
    await revoke(leaf.certificateId, { reason: 'superseded' });
    const { intermediate } = await publishedCrlsWith(shared(), serialOf(leaf));
    assert.ok((await number()) > before);
    assert.deepEqual((await publishedCrls(shared())).intermediate, intermediate);
  });
});
