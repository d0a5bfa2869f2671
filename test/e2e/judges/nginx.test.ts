import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, callApi, type Identity } from '../../support/call-api.ts';
import { nginxServer } from '../../support/nginx-server.ts';
import { publishedCrls, publishedCrlsWith } from '../../support/published-crls.ts';
import { runningPki } from '../../support/running-pki.ts';
import { skipWithout } from '../../support/system-program.ts';

/** nginx starts its new worker in the background and says nothing when it is there; the old one hangs up on who just came. */
async function untilStatus(status: number, ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = performance.now() + 5000;
  for (;;) {
    try {
      const answer = await ask();
      if (answer.status === status || performance.now() > deadline) return answer;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(50);
  }
}

test('nginx lets a service in by our certificate and refuses it by our CRL', {
  skip: skipWithout('nginx'),
}, async (t) => {
  const pki = await runningPki(t);
  const covina = await pki.issueFor('covina-backend', { body: { san_dns: ['localhost'] } });
  const veritas = await pki.issueFor('veritas-backend');
  const other = await pki.issueFor('vpb-backend');
  const before = await publishedCrls(pki);
  const nginx = await nginxServer(t, {
    certificate: covina.cert,
    key: covina.key,
    clients: { ca: pki.intermediatePem + pki.rootPem, crl: before.pem.root + before.pem.intermediate },
  });
  const ask = (as: Identity | null): Promise<Answer> =>
    callApi(`https://localhost:${nginx.port}/`, { method: 'GET', ca: pki.rootPem, as });

  const accepted = await ask(veritas);
  assert.equal(accepted.status, 200, accepted.text);
  assert.match(accepted.text, /CN=veritas-backend/);
  assert.equal((await ask(null)).status, 400);

  const path = `/api/v1/certificates/${veritas.certificateId}/revoke`;
  assert.equal((await pki.call('DELETE', path, { body: { reason: 'key_compromise' } })).status, 200);
  const { serial_number } = veritas.answer.json() as { serial_number: string };
  const after = await publishedCrlsWith(pki, serial_number);
  await nginx.reload(after.pem.root + after.pem.intermediate);

  const refused = await untilStatus(400, () => ask(veritas));
  assert.equal(refused.status, 400);
  assert.match(refused.text, /SSL certificate error/);
  assert.equal((await untilStatus(200, () => ask(other))).status, 200);
});
