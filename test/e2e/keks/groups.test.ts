import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { AuditPage, KekGroupPage, KekGroupResource } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import { groupKeyId } from '@vcc-pki/kek';
import { verifyCertificationPath } from '@vcc-pki/x509';
import { assertProblem } from '../../support/assert-problem.ts';
import type { Identity } from '../../support/call-api.ts';
import { allowService } from '../../support/configure.ts';
import { fetchGroupKey, fetchKek, groupPath, prepareGroupFetch } from '../../support/kek-consumer.ts';
import { describeOverDatabases } from '../../support/over-databases.ts';
import type { IssuedIdentity } from '../../support/running-pki.ts';

const line = 'themis-main';
const doctors = { line, tenant: 'acme', group: '/clinic/doctors' };

describeOverDatabases('groups of a line', (startPki) => {
  const shared = startPki({ configure: allowService('themis', `keks: { ${line}: [read, write] }`) });
  const call = (method: string, path: string, body?: unknown, as?: IssuedIdentity) =>
    shared().call(method, path, { ...(body !== undefined && { body }), ...(as && { as }) });
  const member = (method: 'PUT' | 'DELETE', service: string, group = doctors) =>
    call(method, `${groupPath(group)}/members/${service}`);
  const show = async (as?: IssuedIdentity) =>
    (await call('GET', groupPath(doctors), undefined, as)).json() as KekGroupResource;
  const list = (query = '', as?: IssuedIdentity) => call('GET', `/api/v1/keks/${line}/groups${query}`, undefined, as);
  const fetchKey = (epoch: number, as: Identity) => fetchGroupKey(shared().call, { as, name: { ...doctors, epoch } });
  let themis: IssuedIdentity;
  let veritas: IssuedIdentity;

  before(async () => {
    themis = await shared().issueFor('themis');
    veritas = await shared().issueFor('veritas-backend');
    assert.equal((await call('POST', '/api/v1/keks', { line })).status, 201);
  });

  test('a sealed group begins without members, and is made once', async () => {
    const { tenant, group } = doctors;
    const made = await call('POST', `/api/v1/keks/${line}/groups`, { tenant, group });
    assert.equal(made.status, 201, made.text);
    const { mode, epoch, members, key_id } = made.json() as KekGroupResource;
    assert.deepEqual([mode, epoch, members], ['sealed', 1, []]);
    assert.match(key_id ?? '', /^[0-9a-f]{32}$/);
    assertProblem(await call('POST', `/api/v1/keks/${line}/groups`, { tenant, group }), 'conflict');
    for (const name of ['g:doctors', 'a:b', '', '-a', 'a'.repeat(129), 'Ä']) {
      assertProblem(await call('POST', `/api/v1/keks/${line}/groups`, { tenant, group: name }), 'malformed', 'group');
    }
    assertProblem(await call('POST', '/api/v1/keks/other/groups', { tenant, group }), 'notFound');
    assertProblem(await call('POST', `/api/v1/keks/${line}/groups`, { tenant, group: 'x' }, themis), 'forbidden');
  });

  test('nobody but a member that has a grant is given the key, whatever it knows otherwise', async () => {
    // It holds the KEK, and is no member.
    assert.equal((await fetchKek(shared().call, { as: themis, kekId: 'kek_1' })).answer.status, 200);
    assertProblem((await fetchKey(1, themis)).answer, 'forbidden');
    assertProblem(await call('GET', groupPath(doctors), undefined, themis), 'forbidden');
    assert.deepEqual(((await list('', themis)).json() as KekGroupPage).items, []);
    // A group that is not there is answered like one that is none of its business.
    const missing = await call('GET', groupPath({ ...doctors, group: 'none' }), undefined, themis);
    assertProblem(missing, 'forbidden');
    assertProblem(await call('GET', groupPath({ ...doctors, group: 'none' })), 'notFound');

    assert.equal((await member('PUT', 'themis')).status, 200);
    // A member without a grant, and an administrator without membership.
    assert.equal((await member('PUT', 'veritas-backend')).status, 200);
    assertProblem((await fetchKey(1, veritas)).answer, 'forbidden');
    assertProblem(await list('', veritas), 'forbidden');
    await call('PUT', `/api/v1/keks/${line}/grants/admin-cli`, { grants: ['read'] });
    assertProblem((await fetchKey(1, shared().admin)).answer, 'forbidden');
    assertProblem(await member('PUT', 'unknown-service'), 'notFound', 'service_id');

    const { answer, key } = await fetchKey(1, themis);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(groupKeyId(key!), (await show()).key_id);
    assert.deepEqual((await show()).members, ['themis', 'veritas-backend']);
    assert.deepEqual((await show(themis)).members, ['themis']);
    assertProblem((await fetchKey(2, themis)).answer, 'notFound');
  });

  test('the signer of a delivery is certified by the CA for nothing a service may have', async () => {
    const { answer } = await fetchKey(1, themis);
    const { signer_pem, chain_pem } = answer.json() as { signer_pem: string; chain_pem: string };
    const path = {
      endEntity: parsePem(signer_pem)[0]!.der,
      intermediates: parsePem(chain_pem).map(({ der }) => der),
      trustAnchors: [parsePem(shared().rootPem)[0]!.der],
      at: Date.now(),
      revocation: 'none',
    } as const;
    await verifyCertificationPath({ ...path, purpose: 'ocspSigning' });
    for (const purpose of ['serverAuth', 'clientAuth', 'kek'] as const) {
      await assert.rejects(verifyCertificationPath({ ...path, purpose }));
    }
  });

  test('a removed member gets nothing from the next request on, and the others a new key', async () => {
    const grant = await call('PUT', `/api/v1/keks/${line}/grants/veritas-backend`, { grants: ['read'] });
    assert.equal(grant.status, 200, grant.text);
    const [old, first] = [(await fetchKey(1, veritas)).key!, await show()];
    const removed = await member('DELETE', 'veritas-backend');
    assert.equal(removed.status, 200, removed.text);
    const second = removed.json() as KekGroupResource;
    assert.deepEqual([second.epoch, second.members], [2, ['themis']]);
    assert.notEqual(second.key_id, first.key_id);
    for (const epoch of [1, 2]) assertProblem((await fetchKey(epoch, veritas)).answer, 'forbidden');
    assert.equal(groupKeyId((await fetchKey(2, themis)).key!), second.key_id);
    assert.deepEqual((await fetchKey(1, themis)).key, old);
    assertProblem(await member('DELETE', 'veritas-backend'), 'notFound');
    assert.equal((await show()).epoch, 2);

    const third = await call('POST', `${groupPath(doctors)}/epochs`, { comment: 'a year is over' });
    assert.equal(third.status, 201, third.text);
    assert.equal((await call('POST', `${groupPath(doctors)}/epochs`)).status, 201);
    assert.equal((await show(themis)).epoch, 4);
    // Who comes back reads what was written while it was away.
    await member('PUT', 'veritas-backend');
    assert.deepEqual((await fetchKey(3, veritas)).key, (await fetchKey(3, themis)).key);
    assertProblem(await call('POST', `${groupPath(doctors)}/epochs`, {}, themis), 'forbidden');
  });

  test('of epochs that begin at once, each has a number and a key of its own', async () => {
    const from = (await show()).epoch;
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('POST', `${groupPath(doctors)}/epochs`)));
    const made = answers.map((answer) => answer.json() as KekGroupResource);
    assert.deepEqual(
      made.map(({ epoch }) => epoch).sort(),
      [1, 2, 3, 4].map((count) => from + count),
    );
    const keys = await Promise.all(made.map(async ({ epoch }) => (await fetchKey(epoch, themis)).key!));
    assert.deepEqual(keys.map(groupKeyId).sort(), made.map(({ key_id }) => key_id).sort());
    assert.equal(new Set(made.map(({ key_id }) => key_id)).size, 4);
  });

  test('what is not signed, not new or for another epoch is refused', async () => {
    const open = (body: unknown) => call('POST', `${groupPath(doctors)}/open`, body, themis);
    const prepare = (as = themis) => prepareGroupFetch({ as, name: { ...doctors, epoch: 1 } });
    const { body } = await prepare();
    assertProblem(await open({ ...body, epoch: 2 }), 'badKekRequest', 'request');
    assert.equal((await open(body)).status, 200);
    assertProblem(await open(body), 'badKekRequest', 'request');
    assertProblem(await open((await prepare(veritas)).body), 'badKekRequest', 'request');
    assertProblem(await open({ ...body, epoch: 0 }), 'malformed', 'epoch');
    const nurses = await call('POST', `${groupPath({ ...doctors, group: 'nurses' })}/open`, body, themis);
    assertProblem(nurses, 'badKekRequest', 'request');
  });

  test('a derived group has members and epochs, and no key to hand out', async () => {
    const derived = { line, tenant: 'acme', group: 'u:alice' };
    await call('POST', `/api/v1/keks/${line}/groups`, { tenant: 'acme', group: 'u:alice', mode: 'derived' });
    await member('PUT', 'themis', derived);
    await member('PUT', 'veritas-backend', derived);
    const left = (await member('DELETE', 'veritas-backend', derived)).json() as KekGroupResource;
    assert.deepEqual([left.mode, left.epoch, left.key_id], ['derived', 2, null]);
    const { answer } = await fetchGroupKey(shared().call, { as: themis, name: { ...derived, epoch: 2 } });
    assertProblem(answer, 'conflict');
  });

  test('lists are by tenant and name, in pages, and show each what it may see', async () => {
    for (const [tenant, group] of [
      ...[
        ['acme', 'b'],
        ['acme', 'a'],
        ['bolt', 'a'],
      ],
      ['ac', 'z'],
    ] as [string, string][]) {
      assert.equal((await call('POST', `/api/v1/keks/${line}/groups`, { tenant, group })).status, 201);
    }
    const names: string[] = [];
    for (let cursor = ''; ; ) {
      const page = (await list(`?limit=2${cursor}`)).json() as KekGroupPage;
      names.push(...page.items.map(({ tenant, group }) => `${tenant} ${group}`));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    const acme = ['acme /clinic/doctors', 'acme a', 'acme b', 'acme u:alice'];
    assert.deepEqual(names, ['ac z', ...acme, 'bolt a']);
    const named = (answer: { json(): unknown }) =>
      (answer.json() as KekGroupPage).items.map(({ tenant, group }) => `${tenant} ${group}`);
    assert.deepEqual(named(await list('?tenant=acme')), acme);
    assert.deepEqual(named(await list('', themis)), ['acme /clinic/doctors', 'acme u:alice']);
    assert.deepEqual(named(await list('?tenant=acme&limit=1', themis)), ['acme /clinic/doctors']);
    assert.deepEqual(named(await list('?tenant=bolt', themis)), []);
    assertProblem(await list('?cursor=xx'), 'malformed', 'cursor');
    const modes = ((await list('?tenant=acme')).json() as KekGroupPage).items.map(({ mode }) => mode);
    assert.deepEqual(modes, ['sealed', 'sealed', 'sealed', 'derived']);
  });

  test('whose grant is taken away, or whose certificate is revoked, gets nothing more', async () => {
    assert.equal((await fetchKey(1, veritas)).answer.status, 200);
    await call('PUT', `/api/v1/keks/${line}/grants/veritas-backend`, { grants: ['seal'] });
    assertProblem((await fetchKey(1, veritas)).answer, 'forbidden');
    await call('PUT', `/api/v1/keks/${line}/grants/veritas-backend`, { grants: ['read'] });
    assert.equal((await fetchKey(1, veritas)).answer.status, 200);
    const { items } = (await call('GET', '/api/v1/certificates?service=veritas-backend')).json() as {
      items: { certificate_id: string }[];
    };
    for (const { certificate_id: id } of items)
      await call('DELETE', `/api/v1/certificates/${id}/revoke?reason=superseded`);
    assertProblem((await fetchKey(1, veritas)).answer, 'unauthorized');
  });

  test('every delivery and every change is in the audit, and no key', async () => {
    const audit = async (action: string) =>
      ((await call('GET', `/api/v1/audit?action=${action}&limit=200`)).json() as AuditPage).items;
    const opened = (await audit('kek-group-open')).filter(({ status }) => status === 'success');
    const { details, service_id } = opened.at(-1)!;
    assert.equal(service_id, 'themis');
    assert.deepEqual(details, { ...doctors, epoch: 1, instance: 'one', kem: 'X25519' });
    const [removed] = (await audit('kek-group-remove-member')).filter(({ details: of }) => of['epoch'] === 2);
    assert.equal(removed?.details['service_id'], 'veritas-backend');
    const epochs = await audit('kek-group-next-epoch');
    assert.ok(epochs.some(({ details: of }) => of['comment'] === 'a year is over' && of['epoch'] === 3));
    assert.equal((await audit('kek-group-create')).filter(({ status }) => status === 'success').length, 6);
    assert.ok((await audit('kek-group-add-member')).length >= 2);
  });
});
