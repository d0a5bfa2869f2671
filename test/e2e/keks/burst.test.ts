import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KekDelivery, KekResource } from '@vcc-pki/api';
import { Agent } from 'undici';
import { assertProblem } from '../../support/assert-problem.ts';
import { type Answer, callThrough } from '../../support/call-api.ts';
import { allowService, configureAll, setKeys } from '../../support/configure.ts';
import { openAnswer, prepareFetch } from '../../support/kek-consumer.ts';
import { sharedPki } from '../../support/shared-pki.ts';

const grant = allowService('themis', 'keks: { themis-main: [read, write] }');

describe('providers that start at once', () => {
  const shared = sharedPki(() => ({ configure: configureAll(grant, setKeys({ deliveries_per_hour: 230 })) }));

  test('two hundred of them have the key within ten seconds, and one limit holds for all', async (t) => {
    const pki = shared();
    const themis = await pki.issueFor('themis');
    const kek = (await pki.call('POST', '/api/v1/keks', { body: { line: 'themis-main' } })).json() as KekResource;
    const agent = new Agent({ connections: 20, connect: { ca: pki.rootPem, cert: themis.cert, key: themis.key } });
    t.after(() => agent.close());
    const open = (body: unknown): Promise<Answer> =>
      callThrough(agent, `${pki.apiUrl}/api/v1/keks/${kek.id}/open`, { method: 'POST', body });
    const instances = Array.from({ length: 200 }, (_, n) => `themis-${n}`);
    const prepared = await Promise.all(
      instances.map((instance) => prepareFetch({ as: themis, kekId: kek.id, instance })),
    );

    const begun = performance.now();
    const answers = await Promise.all(prepared.map(({ body }) => open(body)));
    const tookMs = performance.now() - begun;
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.ok(tookMs < 10_000, `${tookMs} ms`);
    t.diagnostic(`200 deliveries in ${Math.round(tookMs)} ms`);
    const [first, last] = await Promise.all(
      [0, 199].map((n) => openAnswer(prepared[n]!, answers[n]!.json() as KekDelivery)),
    );
    assert.deepEqual(first?.root, last?.root);

    const more = await Promise.all(
      Array.from({ length: 40 }, async () => open((await prepareFetch({ as: themis, kekId: kek.id })).body)),
    );
    const refused = more.filter(({ status }) => status === 429);
    assert.equal(refused.length, 10);
    assertProblem(refused[0]!, 'rateLimited');
    assert.ok(Number(refused[0]!.headers['retry-after']) >= 1);
  });
});
