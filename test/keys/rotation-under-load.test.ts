import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postgresUrl } from '../support/databases.ts';
import { rotateUnderLoad } from './rotation-under-load.ts';

test('a rotation under writers, with its job killed again and again, loses nothing and fails no read', async (t) => {
  const report = await rotateUnderLoad({
    url: await postgresUrl(t),
    ...{ rows: 5_000, writesPerSecond: 200, kills: 3, workMs: 800, rowsPerSecond: 1_200 },
    progress: (line) => t.diagnostic(line),
  });
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.outcome, 'done');
  assert.equal(report.lost_updates, 0);
  assert.equal(report.failed_reads, 0);
  assert.equal(report.rows_left_under_the_old_key, 0);
  assert.ok(report.writes > 100, `${report.writes}`);
  // A second, and what a machine under load adds to it.
  assert.ok(report.most_repeated_ms < 2_000, `${report.most_repeated_ms}`);
});
