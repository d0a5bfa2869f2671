import assert from 'node:assert/strict';
import { type CertificateFilter, listCertificates } from '../../apps/server/src/store/index.ts';
import { forEachDatabase, type TestStore } from '../support/databases.ts';
import { anIntent, anIssuer, aRevocation, dayMs, issue, issuerId, openWithIssuer, t0 } from './ledger-inputs.ts';
import { isProblem } from './outcomes.ts';

const otherIssuerId = 'bb'.repeat(20);

/** Pages through a list to its end. */
async function listAll(store: TestStore, filter: Partial<CertificateFilter>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listCertificates(store.read, { limit: 3, now: t0 + dayMs, cursor, ...filter });
    assert.ok(page.items.length <= 3);
    ids.push(...page.items.map(({ certificateId }) => certificateId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

interface Sample {
  readonly id: string;
  readonly service: string;
  readonly issuer: string;
  readonly status: string;
  readonly createdAt: number;
  readonly notAfter: number;
  readonly name: string;
}

/** Every combination of service, issuer and status, some made in the same millisecond. */
async function fill(store: TestStore): Promise<Sample[]> {
  const other = anIssuer({ issuerId: otherIssuerId, fingerprintSha256: 'ff'.repeat(32) });
  await store.ledger.submit('recordIssuer', other);
  const samples: Sample[] = [];
  let index = 0;
  for (const status of ['active', 'overdue', 'expired', 'revoked', 'active']) {
    for (const service of ['veritas-backend', 'covina-backend']) {
      for (const issuer of [issuerId, otherIssuerId]) {
        index += 1;
        const isOver = status === 'overdue' || status === 'expired';
        const notAfter = isOver ? t0 + index : t0 + (100 - index) * dayMs;
        const createdAt = t0 - Math.floor(index / 3);
        const name = `host-${index % 2}.vcc.local`;
        const intent = { serviceId: service, issuerId: issuer, notAfter, now: createdAt, names: [name] };
        const { certificateId } = await issue(store, intent);
        if (status === 'revoked') await store.ledger.submit('recordRevocation', aRevocation(certificateId));
        if (status === 'expired') await store.execute(expireSql(certificateId));
        const shown = isOver ? 'expired' : status;
        samples.push({ id: certificateId, service, issuer, status: shown, createdAt, notAfter, name });
      }
    }
  }
  await store.ledger.submit('recordIntent', anIntent());
  return samples;
}

const expireSql = (id: string) => `update certificates set status = 'expired' where certificate_id = '${id}'`;

const byId = (a: Sample, b: Sample) => (a.id < b.id ? -1 : 1);
const newest = (a: Sample, b: Sample) => b.createdAt - a.createdAt || byId(b, a);
const soonest = (a: Sample, b: Sample) => a.notAfter - b.notAfter || byId(a, b);

forEachDatabase(
  'every combination of filters gives what it should, in order, over all pages',
  async (_t, openFresh) => {
    const store = await openWithIssuer(openFresh);
    const samples = await fill(store);
    const choices = {
      service: [undefined, 'veritas-backend', 'nobody'],
      status: [undefined, 'active', 'expired', 'revoked'] as const,
      issuer: [undefined, otherIssuerId],
      name: [undefined, 'HOST-1.vcc.local'],
      expiringBefore: [undefined, t0 + 90 * dayMs],
    };
    for (const service of choices.service) {
      for (const status of choices.status) {
        for (const issuer of choices.issuer) {
          for (const name of choices.name) {
            for (const expiringBefore of choices.expiringBefore) {
              const filter = { service, status, issuer, name, expiringBefore };
              const wantedStatus = status ?? (expiringBefore === undefined ? undefined : 'active');
              const expected = samples
                .filter((sample) => service === undefined || sample.service === service)
                .filter((sample) => wantedStatus === undefined || sample.status === wantedStatus)
                .filter((sample) => issuer === undefined || sample.issuer === issuer)
                .filter((sample) => name === undefined || sample.name === name.toLowerCase())
                .filter((sample) => expiringBefore === undefined || sample.notAfter <= expiringBefore)
                .sort(expiringBefore === undefined ? newest : soonest);
              const found = await listAll(store, filter);
              assert.deepEqual(
                found,
                expected.map(({ id }) => id),
                JSON.stringify(filter),
              );
            }
          }
        }
      }
    }
  },
);

forEachDatabase('intents and abandoned ones are shown only when asked for', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const intent = anIntent();
  await store.ledger.submit('recordIntent', intent);
  const { certificateId } = await issue(store);
  assert.deepEqual(await listAll(store, {}), [certificateId]);
  assert.deepEqual(await listAll(store, { status: 'intent' }), [intent.certificateId]);
  assert.deepEqual(await listAll(store, { status: 'abandoned' }), []);
});

forEachDatabase('pages stay stable while certificates come in and change', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const before = await Promise.all(Array.from({ length: 20 }, (_, index) => issue(store, { now: t0 - (index % 4) })));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listCertificates(store.read, { limit: 3, now: t0, cursor });
    seen.push(...page.items.map(({ certificateId }) => certificateId));
    cursor = page.nextCursor;
    // Newer ones stand before what was shown already, and one that was shown changes its status.
    await issue(store, { now: t0 + seen.length });
    await store.ledger.submit('recordRevocation', aRevocation(seen.at(-1)!));
  } while (cursor !== undefined);
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual(seen.sort(), before.map(({ certificateId }) => certificateId).sort());
});

forEachDatabase('a cursor belongs to its kind of list', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  await Promise.all([issue(store), issue(store)]);
  const { nextCursor } = await listCertificates(store.read, { limit: 1, now: t0 });
  const list = (cursor: string | undefined, expiringBefore?: number) =>
    listCertificates(store.read, { limit: 1, now: t0, cursor, expiringBefore });
  assert.equal((await list(nextCursor)).items.length, 1);
  for (const [cursor, expiringBefore] of [
    [nextCursor, t0 + 900 * dayMs],
    ['', undefined],
    ['AAAA', undefined],
    [Buffer.from('newest:x:y').toString('base64url'), undefined],
  ] as const) {
    await assert.rejects(list(cursor, expiringBefore), isProblem('malformed', { field: 'cursor' }));
  }
});
