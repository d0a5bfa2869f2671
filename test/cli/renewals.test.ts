import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RenewalPage } from '@vcc-pki/api';
import { hourMs, manualClock } from '../support/manual-clock.ts';
import { runningPki } from '../support/running-pki.ts';
import { runCommand, runJson } from './support/run-cli.ts';

test('vcc-pki renewals says who has to renew, and who did not', async (t) => {
  const clock = manualClock();
  const pki = await runningPki(t, { clock });
  const environment = { directory: pki.directory };
  const list = (...args: string[]) => runJson<RenewalPage>(['renewals', ...args], { environment });
  const { certificateId } = await pki.issueFor('veritas-backend', { body: { validity_hours: 24 } });

  const none = await runCommand(['renewals', '--service', 'veritas-backend'], { environment });
  assert.deepEqual([none.code, none.stdout.trim()], [0, 'no renewal is due']);

  clock.advance(23 * hourMs);
  const overdue = await list('--state', 'overdue', '--service', 'veritas-backend');
  assert.deepEqual(
    overdue.json.items.map((renewal) => [renewal.certificate_id, renewal.state]),
    [[certificateId, 'overdue']],
  );
  const text = await runCommand(['renewals', '--state', 'overdue'], { environment });
  assert.match(text.stdout, new RegExp(`^${certificateId} +veritas-backend +overdue`, 'm'));
  assert.equal((await runCommand(['renewals', '--state', 'soon'], { environment })).code, 2);
});
