import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ServedCrl, ServedCrls } from './served-crls.ts';

function aCrl(changes: Partial<ServedCrl>): ServedCrl {
  const times = { thisUpdate: 0, nextUpdate: 0, publishedAt: 0, readAt: 0 };
  const numbers = { number: 1, revision: 0, entries: 0, sequence: 0, baseNumber: null };
  return { issuerId: 'aa', scope: '0', sha256: '', der: new Uint8Array(0), ...times, ...numbers, ...changes };
}

test('only a newer CRL of the same issuer and scope replaces one, and listeners hear of it', () => {
  const served = new ServedCrls();
  const heard: number[] = [];
  served.onReplaced(({ number }) => heard.push(number));
  for (const number of [3, 2, 3, 5]) served.replace(aCrl({ number }));
  served.replace(aCrl({ scope: '1' }));
  served.replace(aCrl({ issuerId: 'bb' }));
  assert.deepEqual(heard, [3, 5, 1, 1]);
  assert.equal(served.get('aa', '0')?.number, 5);
  assert.equal(served.get('cc', '0'), undefined);
  assert.equal([...served.all()].length, 3);
});

test('who waits for a revision is answered when a CRL covers it, or when the time is over', async () => {
  const served = new ServedCrls();
  const wanted = { issuerId: 'aa', scope: '0', revision: 7 };
  const answer = served.whenCovered(wanted, 10_000);
  served.replace(aCrl({ number: 1, revision: 6 }));
  served.replace(aCrl({ scope: '1', revision: 9 }));
  assert.equal(await served.whenCovered(wanted, 1), false);
  served.replace(aCrl({ number: 2, revision: 7 }));
  assert.equal(await answer, true);
  assert.equal(await served.whenCovered(wanted, 0), true);
});
