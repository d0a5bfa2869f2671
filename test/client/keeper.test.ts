import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { CertificateResource } from '@vcc-pki/api';
import { CertificateFiles, CertificateKeeper, type KeptCertificate } from '@vcc-pki/client';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { installFor } from './support/install-for.ts';

test('a keeper looks after the certificate that is there', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, { clock });
  const files = CertificateFiles.inFolder(await temporaryDirectory(t));
  const validity = { validity_hours: 24 };
  const first = await installFor(pki, 'veritas-backend', files, validity);
  const keeper = new CertificateKeeper({
    serviceId: 'veritas-backend',
    pkiServerUrl: pki.apiUrl,
    files,
    clock,
    request: { validityHours: 24 },
  });
  t.after(() => keeper.stop());

  await t.test('and asks nobody at the start', async () => {
    const kept = await keeper.ensure();
    assert.equal(kept.certificateId, first.certificate_id);
    assert.equal(keeper.status.state, 'valid');
    const { start, end } = first.renewal_info.suggested_window;
    assert.ok(keeper.status.renewAt! >= Date.parse(start) && keeper.status.renewAt! <= Date.parse(end));
  });

  await t.test('nothing happens before the window, and a renewal in it', async () => {
    await keeper.check();
    assert.equal(keeper.status.counters.renewals, 0);
    clock.advance(keeper.status.renewAt! - clock.now());
    const renewed = once(keeper, 'renewed') as Promise<[KeptCertificate, KeptCertificate]>;
    await keeper.check();
    assert.equal(keeper.status.lastError, undefined);
    const [current, previous] = await renewed;
    assert.equal(previous.certificateId, first.certificate_id);
    assert.notEqual(current.fingerprintSha256, previous.fingerprintSha256);
    const shown = await keeper.connection.call<CertificateResource>('getCertificate', {
      params: { id: 'veritas-backend' },
    });
    assert.equal(shown.certificate_id, current.certificateId);
    assert.equal(shown.replaces, first.certificate_id);
    assert.equal(keeper.status.counters.renewals, 1);
  });

  await t.test('an outage inside the window is survived: it keeps trying, and tells', async () => {
    clock.advance(keeper.status.renewAt! - clock.now());
    await pki.server().close();
    const failed = once(keeper, 'renewalFailed');
    await keeper.check();
    const [{ attempt, nextAttemptAt }] = (await failed) as [{ attempt: number; nextAttemptAt: number }];
    assert.equal(attempt, 1);
    assert.ok(nextAttemptAt > clock.now() && nextAttemptAt <= clock.now() + 15 * 60_000);
    assert.equal(keeper.status.state, 'due');
    await keeper.check();
    assert.equal(keeper.status.counters.failures, 1, 'not before its time');
    clock.advance(hourMs / 3);
    await keeper.check();
    assert.equal(keeper.status.counters.failuresInARow, 2);
    await pki.restart();
    clock.advance(hourMs / 3);
    await keeper.check();
    assert.deepEqual([keeper.status.state, keeper.status.counters.renewals], ['valid', 2]);
    assert.equal(keeper.status.lastError, undefined);
  });

  await t.test('a sleep over the expiry is told as what it is', async () => {
    clock.advance(25 * hourMs);
    const expired = once(keeper, 'expired');
    const needed = once(keeper, 'enrolmentNeeded');
    await keeper.check();
    await Promise.all([expired, needed]);
    assert.equal(keeper.status.state, 'enrolmentNeeded');
    await assert.rejects(keeper.ensure(), { code: 'certificateExpired' });
    await installFor(pki, 'veritas-backend', files, validity);
    assert.equal((await keeper.ensure()).notAfter > clock.now(), true);
    assert.equal(keeper.status.state, 'valid');
  });
});
