import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CertificateResource, RevocationResource, SerialCheckResource } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import {
  decodeExtension,
  extensionId,
  parseCertificate,
  parseCertificateList,
  parseCRLDistributionPoints,
  parseIssuingDistributionPoint,
  serialToHex,
} from '@vcc-pki/x509';
import { type Dispatcher, request } from 'undici';
import { assertProblem } from '../../support/assert-problem.ts';
import { describeOverDatabases } from '../../support/over-databases.ts';
import type { IssuedIdentity } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';

/** The address in the certificate, on the port that the test's server has. */
function crlUrlOf(leaf: IssuedIdentity): string {
  const [block] = parsePem(leaf.certificatePem);
  const { extensions } = parseCertificate(block?.der as Uint8Array);
  const [point] = decodeExtension(extensions, extensionId.cRLDistributionPoints, parseCRLDistributionPoints) ?? [];
  const name = point?.distributionPoint;
  assert.ok(name?.type === 'fullName');
  const [uri] = name.names;
  assert.ok(uri?.type === 'uniformResourceIdentifier');
  return uri.value;
}

interface Fetched {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

async function fetchCrl(
  url: string,
  options: { method?: Dispatcher.HttpMethod; headers?: Record<string, string> } = {},
): Promise<Fetched> {
  const { statusCode, headers, body } = await request(url, { method: 'GET', ...options });
  return { status: statusCode, headers, bytes: Buffer.from(await body.arrayBuffer()) };
}

const serialOf = ({ answer }: IssuedIdentity): string => (answer.json() as CertificateResource).serial_number;

describeOverDatabases('a certificate and the CRL that it names', (startPki) => {
  const pki = startPki();

  test('the CRL says the address of the certificate, critically, and lists it when wait=published has answered', async () => {
    for (const by of ['id', 'serial'] as const) {
      const leaf = await pki().issueFor('veritas-backend');
      const url = crlUrlOf(leaf);
      const before = parseCertificateList((await fetchCrl(url)).bytes);
      const point = decodeExtension(
        before.extensions,
        extensionId.issuingDistributionPoint,
        parseIssuingDistributionPoint,
      );
      assert.deepEqual(point?.distributionPoint, {
        type: 'fullName',
        names: [{ type: 'uniformResourceIdentifier', value: url }],
      });
      const answer =
        by === 'id'
          ? await pki().call(
              'DELETE',
              `/api/v1/certificates/${leaf.certificateId}/revoke?reason=superseded&wait=published`,
            )
          : await pki().call('POST', '/api/v1/crl/revoke?wait=published', {
              body: { serial_number: serialOf(leaf), reason: 'superseded' },
            });
      assert.equal(answer.status, 200, answer.text);
      const { published, effective_at, crl_url } = answer.json() as RevocationResource;
      assert.deepEqual([published, crl_url], [true, url]);
      assert.ok(Date.parse(effective_at) <= Date.now());
      const after = parseCertificateList((await fetchCrl(url)).bytes);
      assert.ok([...after.entries()].some(({ serialNumber }) => serialToHex(serialNumber) === serialOf(leaf)));
    }
  });

  test('without wait the answer comes at once and promises the CRL for a time to come', async () => {
    const leaf = await pki().issueFor('veritas-backend');
    const sent = Date.now();
    const answer = await pki().call('DELETE', `/api/v1/certificates/${leaf.certificateId}/revoke?reason=superseded`);
    const { published, effective_at } = answer.json() as RevocationResource;
    assert.equal(published, false);
    assert.ok(Date.parse(effective_at) >= sent + 4_000);
    const check = await pki().call('GET', `/api/v1/crl/check/${serialOf(leaf)}`);
    assert.equal((check.json() as SerialCheckResource).crl_url, crlUrlOf(leaf));
    const refused = await pki().call('DELETE', `/api/v1/certificates/${leaf.certificateId}/revoke?wait=forever`);
    assertProblem(refused, 'malformed');
  });
});

describe('CRLs over HTTP', () => {
  const pki = sharedPki();

  test('every kind has what caches need, and none may be kept beyond its nextUpdate', async () => {
    const shard = crlUrlOf(await pki().issueFor('veritas-backend'));
    const folder = shard.slice(0, shard.lastIndexOf('/'));
    for (const url of [shard, `${folder}/delta.crl`, `${folder}.crl`]) {
      const { status, headers, bytes } = await fetchCrl(url);
      assert.equal(status, 200, url);
      assert.equal(headers['content-type'], 'application/pkix-crl');
      assert.equal(headers['content-length'], String(bytes.length));
      assert.match(`${headers['etag']}`, /^"[0-9a-f]{64}"$/);
      const { nextUpdate = 0 } = parseCertificateList(bytes);
      assert.ok(Date.parse(`${headers['expires']}`) <= nextUpdate);
      assert.ok(Date.parse(`${headers['last-modified']}`) <= Date.now());
      const [, maxAge, stale] =
        /^public, max-age=(\d+), stale-if-error=(\d+), no-transform$/.exec(`${headers['cache-control']}`) ?? [];
      assert.ok(Date.now() + (Number(maxAge) + Number(stale)) * 1000 <= nextUpdate + 1000);
    }
  });

  test('who has it already gets 304, by either header; HEAD has no body', async () => {
    const url = crlUrlOf(await pki().issueFor('veritas-backend'));
    const { headers } = await fetchCrl(url);
    const [etag, modified] = [`${headers['etag']}`, `${headers['last-modified']}`];
    const statusWith = async (more: Record<string, string>) => (await fetchCrl(url, { headers: more })).status;
    assert.equal(await statusWith({ 'if-none-match': etag }), 304);
    assert.equal(await statusWith({ 'if-none-match': `"x", W/${etag}` }), 304);
    assert.equal(await statusWith({ 'if-none-match': '*' }), 304);
    assert.equal(await statusWith({ 'if-none-match': '"x"', 'if-modified-since': modified }), 200);
    assert.equal(await statusWith({ 'if-modified-since': modified }), 304);
    assert.equal(await statusWith({ 'if-modified-since': new Date(Date.parse(modified) - 1000).toUTCString() }), 200);
    assert.equal(await statusWith({ 'if-modified-since': 'yesterday' }), 200);
    const known = await fetchCrl(url, { headers: { 'if-none-match': etag } });
    assert.equal(known.bytes.length, 0);
    assert.equal(known.headers['etag'], etag);
    const head = await fetchCrl(url, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.deepEqual([head.headers['etag'], head.headers['content-length']], [etag, headers['content-length']]);
    assert.equal(head.bytes.length, 0);
  });

  test('a revocation changes the validators, whatever the second', async () => {
    const [one, two] = [await pki().issueFor('test-one'), await pki().issueFor('test-two')];
    for (const leaf of [one, two]) {
      const url = crlUrlOf(leaf);
      const before = (await fetchCrl(url)).headers;
      const revoke = `/api/v1/certificates/${leaf.certificateId}/revoke?reason=superseded&wait=published`;
      assert.equal((await pki().call('DELETE', revoke)).status, 200);
      const validators = { 'if-none-match': `${before['etag']}` };
      assert.equal((await fetchCrl(url, { headers: validators })).status, 200);
      const since = { 'if-modified-since': `${before['last-modified']}` };
      assert.equal((await fetchCrl(url, { headers: since })).status, 200);
    }
  });

  test('a shard that is not there is a problem', async () => {
    const shard = crlUrlOf(await pki().issueFor('veritas-backend'));
    const folder = shard.slice(0, shard.lastIndexOf('/'));
    const root = (await pki().call('GET', '/api/v1/ca/certificates')).json() as {
      items: { role: string; issuer_id: string }[];
    };
    const rootId = root.items.find(({ role }) => role === 'root')?.issuer_id;
    const publicUrl = new URL(shard).origin;
    for (const url of [
      `${folder}/16.crl`,
      `${folder}/9999.crl`,
      `${publicUrl}/crl/${rootId}/0.crl`,
      `${publicUrl}/crl/${rootId}/delta.crl`,
    ]) {
      const { status, headers, bytes } = await fetchCrl(url);
      assert.equal(status, 404, url);
      assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
      assert.equal((JSON.parse(bytes.toString()) as { code: string }).code, 'notFound');
    }
    assert.equal((await fetchCrl(`${folder}/x.crl`)).status, 400);
    assert.equal((await fetchCrl(`${publicUrl}/crl/${rootId}.crl`)).status, 200);
  });
});
