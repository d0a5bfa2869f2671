import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postgresUrl } from '../support/databases.ts';
import { runningPki } from '../support/running-pki.ts';

for (const database of ['SQLite', 'PostgreSQL'] as const) {
  test(`the first certificate is issued, shown, renewed and revoked (${database})`, async (t) => {
    const pki = await runningPki(t, { databaseUrl: database === 'PostgreSQL' ? await postgresUrl(t) : undefined });
    const veritas = await pki.issueFor('veritas-backend', { body: { validity_days: 90 } });

    const shown = await pki.call('GET', '/api/v1/certificates/veritas-backend', { as: veritas });
    assert.equal(shown.status, 200);
    assert.equal(shown.body['certificate_id'], veritas.certificateId);

    const revoked = await pki.call('DELETE', `/api/v1/certificates/${veritas.certificateId}/revoke`, {
      body: { reason: 'key_compromise' },
    });
    assert.equal(revoked.status, 200, revoked.text);
    const refused = await pki.call('GET', '/api/v1/certificates/veritas-backend', { as: veritas });
    assert.equal(refused.status, 401);
    assert.equal(refused.body['code'], 'unauthorized');
  });
}
