import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSoftwareSigner, generateKey } from '@vcc-pki/signer';
import { forEachDatabase } from '../../support/databases.ts';
import { loneResponder } from '../../support/lone-responder.ts';

/** Over an empty ledger every answer is `unknown`, and signed for its asker. */

forEachDatabase(
  'without a responder certificate the answer is tryLater, and the reason is told once',
  async (t, openFresh) => {
    const failure = new Error('the CA key cannot sign');
    const { ask, failures } = await loneResponder(t, await openFresh(), { failure });
    for (let i = 0; i < 10; i += 1) assert.equal((await ask({})).status, 'tryLater');
    assert.deepEqual(failures, [failure]);
  },
);

forEachDatabase(
  'a flood is told tryLater beyond 512 signatures under way, and answered again after it',
  async (t, openFresh) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const signer = createSoftwareSigner(await generateKey('P-256'));
    const sign = (data: Uint8Array): Promise<Uint8Array> => promise.then(() => signer.sign(data));
    const { ask } = await loneResponder(t, await openFresh(), { sign });
    const flood = Array.from({ length: 600 }, () => ask({ nonce: new Uint8Array(randomBytes(16)) }));
    resolve();
    const answers = await Promise.all(flood);
    assert.equal(answers.filter(({ status }) => status === 'successful').length, 512);
    assert.equal(answers.filter(({ status }) => status === 'tryLater').length, 88);
    assert.equal((await ask({ nonce: new Uint8Array(16) })).status, 'successful');
  },
);

forEachDatabase('all who ask the same at the same time share one signature', async (t, openFresh) => {
  const { ask, metrics } = await loneResponder(t, await openFresh());
  const answers = await Promise.all(Array.from({ length: 2000 }, () => ask({})));
  assert.ok(answers.every(({ status }) => status === 'successful'));
  assert.match(await metrics(), /^vcc_pki_ocsp_sign_duration_seconds_count 1$/m);
});

forEachDatabase(
  'when the ledger cannot be read the answer is internalError, and the failure is told',
  async (t, openFresh) => {
    const store = await openFresh();
    const { ask, failures } = await loneResponder(t, store);
    await store.close();
    assert.equal((await ask({})).status, 'internalError');
    assert.ok(failures.length >= 1);
  },
);
