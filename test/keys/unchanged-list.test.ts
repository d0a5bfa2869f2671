import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KekPage, KekResource } from '@vcc-pki/api';
import { ApiConnection } from '@vcc-pki/client';
import { PKIKeyProvider } from '@vcc-pki/key-provider';
import { allowService } from '../support/configure.ts';
import { runningPki } from '../support/running-pki.ts';
import { until } from './until.ts';

const line = 'themis-main';
const hardTtlMs = 1_500;

test('an unchanged list is answered with 304, which confirms the keys; a revocation is never missed', async (t) => {
  const pki = await runningPki(t, { configure: allowService('themis', 'keks: { themis-main: [read, write] }') });
  const made = await pki.call('POST', '/api/v1/keks', { body: { line } });
  assert.equal(made.status, 201, made.text);
  const first = made.json() as KekResource;
  const { cert, key } = await pki.issueFor('themis');
  const as = { cert, key };

  for (const path of ['/api/v1/keks', '/api/v1/certificates?type=KEK']) {
    const before = await pki.call('GET', path, { as });
    const etag = String(before.headers['etag']);
    assert.match(etag, /^"[\w-]{43}"$/);
    const again = await pki.call('GET', path, { as, headers: { 'if-none-match': etag } });
    assert.deepEqual([again.status, again.text, again.headers['etag']], [304, '', etag]);
    // What others see is another list.
    const others = await pki.call('GET', path, { headers: { 'if-none-match': etag } });
    assert.equal(others.status, 200);
  }

  const lines: string[] = [];
  const connection = new ApiConnection({
    origin: pki.apiUrl,
    trustedPem: pki.rootPem,
    client: { certificatePem: cert, keyPem: key },
    retry: { attempts: 1 },
    trace: (one) => void lines.push(one),
  });
  const provider = PKIKeyProvider.over(connection, {
    ...{ startSpreadMs: 0, kem: 'X25519' },
    cache: { hardTtlMs, softTtlMs: 1_000, pollMs: 100 },
  });
  t.after(async () => {
    await provider.close();
    await connection.close();
  });
  await provider.bootstrap();
  // Of what is revoked it fetches the part that the certificate names, and no more.
  const crls = lines.filter((one) => one.includes('crl'));
  assert.match(crls[0] ?? '', /\/crl\/[0-9a-f]{40}\/\d+\.crl$/);
  assert.equal(crls.length, 1, crls.join());
  lines.length = 0;
  const unchanged = (): number => lines.filter((one) => one === '< 304 (0 bytes)').length;
  // Offline mode is off: beyond the hard TTL nothing is used that was not confirmed.
  const startMs = performance.now();
  await until('confirmed for longer than it would last', () => {
    assert.equal(provider.primary(line).version, 1);
    return performance.now() - startMs > 2 * hardTtlMs && unchanged() > 5;
  });
  assert.ok(!lines.some((one) => /^< 200 .* (\d{4,}) bytes/.test(one)), 'the list was sent though it was the same');

  // A grant, a version, a revocation: each is another list.
  const etagNow = async (): Promise<string> => String((await pki.call('GET', '/api/v1/keks', { as })).headers['etag']);
  const seen = new Set([await etagNow()]);
  const change = async (call: Promise<{ status: number; text: string }>): Promise<void> => {
    const { status, text } = await call;
    assert.ok(status < 300, text);
    const etag = await etagNow();
    assert.ok(!seen.has(etag), 'the tag stayed the same');
    seen.add(etag);
  };
  await change(pki.call('PUT', `/api/v1/keks/${line}/grants/themis`, { body: { grants: ['seal'] } }));
  await change(pki.call('POST', `/api/v1/certificates/${first.id}/rotate`, { body: {} }));
  const [second] = ((await pki.call('GET', '/api/v1/keks', { as })).json() as KekPage).items;
  await change(pki.call('POST', `/api/v1/keks/${second?.id}/change`, { body: { action: 'promote', force: true } }));
  await change(pki.call('DELETE', `/api/v1/certificates/${first.certificate_id}/revoke?reason=superseded`));
  const revokedMs = await until('revoked', () => {
    const versions = provider.status().lines[0]?.versions ?? [];
    return versions.find(({ id }) => id === first.id)?.isRevoked === true;
  });
  assert.ok(revokedMs < 1_000, `${revokedMs} ms`);
});
