import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, test } from 'node:test';
import type { CertificatePage, CertificateSummary } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import { parseCertsOnlyCms } from '@vcc-pki/x509';
import { assertProblem } from '../support/assert-problem.ts';
import type { Identity } from '../support/call-api.ts';
import { allowService } from '../support/configure.ts';
import { dayMs, manualClock } from '../support/manual-clock.ts';
import { describeOverDatabases } from '../support/over-databases.ts';
import type { IssuedIdentity } from '../support/running-pki.ts';

const path = '/api/v1/certificates/';

describeOverDatabases('listing and showing certificates', (startPki) => {
  const clock = manualClock();
  const shared = startPki({ clock, configure: allowService('many', 'max_certificates: 100') });

  async function page(query: string, as?: Identity): Promise<CertificatePage> {
    const answer = await shared().call('GET', `${path}?${query}`, { as });
    assert.equal(answer.status, 200, answer.text);
    return answer.json() as CertificatePage;
  }
  const ids = async (query: string, as?: Identity): Promise<string[]> =>
    (await page(query, as)).items.map(({ certificate_id }) => certificate_id);

  let veritas: IssuedIdentity;
  let revoked: IssuedIdentity;
  let shortLived: IssuedIdentity;
  let covina: IssuedIdentity;
  before(async () => {
    const pki = shared();
    const issue = async (service: string, body: Readonly<Record<string, unknown>>): Promise<IssuedIdentity> => {
      // Each its own millisecond, so that there is one order.
      clock.advance(1);
      return pki.issueFor(service, { body });
    };
    veritas = await issue('veritas-backend', { san_dns: ['veritas-backend', 'localhost'], san_ip: ['127.0.0.1'] });
    revoked = await issue('veritas-backend', {});
    shortLived = await issue('veritas-backend', { validity_hours: 24 });
    covina = await issue('covina-backend', { validity_days: 20, san_uri: ['spiffe://vcc.local/covina-backend'] });
    await pki.call('DELETE', `${path}${revoked.certificateId}/revoke?reason=superseded`);
    clock.advance(2 * dayMs);
  });

  test('by service, newest first', async () => {
    const all = [shortLived, revoked, veritas].map(({ certificateId }) => certificateId);
    assert.deepEqual(await ids('service=veritas-backend'), all);
    assert.deepEqual(await ids('service=nobody'), []);
  });

  test('by status, as it is at this moment, swept or not', async () => {
    const ofVeritas = (status: string): Promise<string[]> => ids(`service=veritas-backend&status=${status}`);
    assert.deepEqual(await ofVeritas('active'), [veritas.certificateId]);
    assert.deepEqual(await ofVeritas('revoked'), [revoked.certificateId]);
    assert.deepEqual(await ofVeritas('expired'), [shortLived.certificateId]);
    assert.deepEqual(await ofVeritas('abandoned'), []);
    const { items } = await page('service=veritas-backend');
    const status = (of: IssuedIdentity): string | undefined =>
      items.find(({ certificate_id }) => certificate_id === of.certificateId)?.status;
    assert.deepEqual([status(veritas), status(revoked), status(shortLived)], ['active', 'revoked', 'expired']);
  });

  test('by any name that a certificate holds, whole and without case', async () => {
    for (const name of ['localhost', 'LOCALHOST', '127.0.0.1']) {
      assert.deepEqual(await ids(`name=${name}&service=veritas-backend`), [veritas.certificateId], name);
    }
    assert.deepEqual(await ids(`name=${encodeURIComponent('spiffe://vcc.local/covina-backend')}`), [
      covina.certificateId,
    ]);
    assert.deepEqual(
      await ids('name=veritas-backend'),
      [shortLived, revoked, veritas].map((of) => of.certificateId),
    );
    assert.deepEqual(await ids('name=veritas'), []);
  });

  test('by the days until they expire: active ones, the soonest first', async () => {
    const within = (days: number): Promise<string[]> => ids(`expiring_within_days=${days}`);
    assert.deepEqual(
      (await within(18)).filter((id) => id.includes('covina')),
      [covina.certificateId],
    );
    assert.ok(!(await within(17)).includes(covina.certificateId));
    const all = await page('expiring_within_days=3650');
    const ends = all.items.map(({ not_after }) => not_after);
    assert.deepEqual(ends, ends.toSorted());
    assert.ok(!all.items.some(({ certificate_id }) => certificate_id === shortLived.certificateId), 'it is expired');
  });

  test('by issuer, by its name and by its id', async () => {
    const { items } = await page('service=covina-backend');
    assert.deepEqual(await ids('service=covina-backend&issuer=VCC%20Intermediate%20CA'), [covina.certificateId]);
    assert.deepEqual(await ids(`service=covina-backend&issuer=${items[0]!.issuer_id}`), [covina.certificateId]);
    assert.deepEqual(await ids('issuer=Another%20CA'), []);
  });

  test('filters are combined with "and"', async () => {
    assert.deepEqual(await ids('service=veritas-backend&status=revoked&name=localhost'), []);
    assert.deepEqual(await ids('service=veritas-backend&status=active&name=localhost&expiring_within_days=3650'), [
      veritas.certificateId,
    ]);
  });

  test('a service sees its own and no other', async () => {
    assert.deepEqual(await ids('', covina), [covina.certificateId]);
    assert.deepEqual(await ids('status=revoked', covina), []);
    assertProblem(
      await shared().call('GET', `${path}?service=veritas-backend`, { as: covina }),
      'forbidden',
      'service',
    );
    for (const part of ['', '/download']) {
      const other = await shared().call('GET', `${path}${veritas.certificateId}${part}`, { as: covina });
      const none = await shared().call('GET', `${path}cert_veritas_backend_20250101_00000000000000000000${part}`, {
        as: covina,
      });
      assert.equal(other.status, none.status, 'whether it exists is not told');
      assertProblem(other, none.body['code'] as 'notFound');
    }
    assertProblem(await shared().call('GET', `${path}veritas-backend`, { as: covina }), 'forbidden');
  });

  test('pages are complete and stable while certificates are issued', async () => {
    const pki = shared();
    const issued = new Set<string>();
    for (let i = 0; i < 12; i += 1) {
      // Two in each millisecond: the order has to decide between equals as well.
      if (i % 2 === 0) clock.advance(1);
      issued.add((await pki.issueFor('many', { body: { validity_days: 100 - i } })).certificateId);
    }
    for (const order of ['', '&expiring_within_days=3650']) {
      const seen: CertificateSummary[] = [];
      let cursor = '';
      do {
        const { items, next_cursor } = await page(`service=many&limit=5${order}${cursor}`);
        seen.push(...items);
        clock.advance(1);
        await pki.issueFor('many', { body: { validity_days: 200 } });
        cursor = next_cursor === null ? '' : `&cursor=${next_cursor}`;
      } while (cursor !== '');
      const ofBefore = seen.map(({ certificate_id }) => certificate_id).filter((id) => issued.has(id));
      assert.equal(new Set(ofBefore).size, issued.size, `all are there${order}`);
      assert.equal(new Set(seen.map(({ certificate_id }) => certificate_id)).size, seen.length, `none twice${order}`);
    }
  });

  test('a page asks for what it can have', async () => {
    const get = (query: string) => shared().call('GET', `${path}?${query}`);
    for (const limit of ['0', '501', '-1', '1.5', 'all'])
      assertProblem(await get(`limit=${limit}`), 'malformed', 'limit');
    for (const cursor of ['AAAA', Buffer.from('newest:1:\0').toString('base64url')]) {
      assertProblem(await get(`cursor=${cursor}`), 'malformed', 'cursor');
    }
    const { next_cursor } = await page('service=many&limit=1');
    assertProblem(await get(`cursor=${next_cursor}&expiring_within_days=3650`), 'malformed', 'cursor');
    assertProblem(await get('status=lost'), 'malformed', 'status');
    assertProblem(await get('colour=red'), 'malformed', 'colour');
    assertProblem(await get('service=veritas-backend&service=covina-backend'), 'malformed', 'service');
  });

  test('a service_id names the current certificate, a certificate_id that one', async () => {
    const show = async (id: string): Promise<string> => {
      const answer = await shared().call('GET', `${path}${id}`);
      return (answer.json() as CertificateSummary).certificate_id;
    };
    assert.equal(await show('veritas-backend'), veritas.certificateId);
    assert.equal(await show(revoked.certificateId), revoked.certificateId);
    assertProblem(await shared().call('GET', `${path}vpb-backend`), 'notFound');
    assertProblem(await shared().call('GET', `${path}cert_x_20250101_000000`), 'notFound');
  });

  test('downloads: leaf, chain and both, as PEM, DER and PKCS#7', async () => {
    const download = (query: string) => shared().call('GET', `${path}${veritas.certificateId}/download${query}`);
    const leaf = new X509Certificate(veritas.certificatePem).raw;
    const issuer = new X509Certificate(shared().intermediatePem).raw;
    const ders = (pem: string): Buffer[] => parsePem(pem).map(({ der }) => Buffer.from(der));

    const pem = await download('');
    assert.equal(pem.headers['content-type'], 'application/pem-certificate-chain');
    assert.match(`${pem.headers['content-disposition']}`, /^attachment; filename="veritas-backend\.pem"$/);
    assert.deepEqual(ders(pem.text), [leaf, issuer]);
    assert.deepEqual(ders((await download('?part=leaf')).text), [leaf]);
    assert.deepEqual(ders((await download('?part=chain&format=pem')).text), [issuer]);

    const der = await download('?format=der');
    assert.equal(der.headers['content-type'], 'application/pkix-cert');
    assert.deepEqual(der.bytes, leaf);
    assertProblem(await download('?format=der&part=fullchain'), 'malformed', 'part');

    const cms = await download('?format=pkcs7');
    assert.match(`${cms.headers['content-type']}`, /^application\/pkcs7-mime; smime-type=certs-only/);
    assert.deepEqual(
      parseCertsOnlyCms(cms.bytes).map((der) => Buffer.from(der)),
      [leaf, issuer],
    );
    assertProblem(await download('?format=p12'), 'malformed', 'format');
  });
});
