// One-time tokens in the ledger: one use across a cluster, and none lost to a crash.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  enrolmentTokenById,
  listEnrolmentTokens,
  type OperationInput,
  openStore,
  type Store,
} from '../../apps/server/src/store/index.ts';
import { forEachDatabase, postgresUrl } from '../support/databases.ts';
import {
  anEvent,
  anIntent,
  anIssuer,
  aRevocation,
  dayMs,
  entryDer,
  hourMs,
  openWithIssuer,
  t0,
  theCertificate,
} from './ledger-inputs.ts';
import { isProblem, outcomesOf } from './outcomes.ts';

type NewToken = OperationInput<'createToken'>['token'];

let counter = 0;

async function createToken(store: Store, changes: Partial<NewToken> = {}): Promise<string> {
  counter += 1;
  const token: NewToken = {
    tokenId: `tok_${counter.toString(16).padStart(32, '0')}`,
    secretSha256: 'ab'.repeat(32),
    serviceId: 'veritas-backend',
    dns: '[]',
    ip: '[]',
    csrKeySha256: null,
    comment: null,
    createdAt: t0,
    createdBy: 'admin-cli',
    expiresAt: t0 + hourMs,
    ...changes,
  };
  await store.ledger.submit('createToken', { token, audit: anEvent({ action: 'create-token' }) });
  return token.tokenId;
}

const enrolling = (tokenId: string, changes: object = {}) => anIntent({ enrolment: { tokenId }, ...changes });
const claim = (store: Store, tokenId: string, changes: object = {}) =>
  store.ledger.submit('recordIntent', enrolling(tokenId, changes));

forEachDatabase('of many claims at once exactly one wins', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const tokenId = await createToken(store);
  const outcomes = await outcomesOf(Array.from({ length: 200 }, () => claim(store, tokenId)));
  assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 1);
  assert.equal(outcomes.filter((outcome) => outcome === 'enrolmentRefused').length, 199);
});

test('of many claims at the servers of a cluster exactly one wins', async (t) => {
  const stores: Store[] = [];
  t.after(() => Promise.all(stores.map((store) => store.close())));
  const url = await postgresUrl(t);
  for (let i = 0; i < 3; i++) stores.push(await openStore({ url }));
  await stores[0]!.ledger.submit('recordIssuer', anIssuer());
  for (let round = 0; round < 5; round++) {
    const tokenId = await createToken(stores[0]!);
    const outcomes = await outcomesOf(Array.from({ length: 60 }, (_, i) => claim(stores[i % 3]!, tokenId)));
    assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 1);
  }
});

forEachDatabase('the same key gets the same certificate again, and no other key anything', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const tokenId = await createToken(store);
  const first = enrolling(tokenId);
  await store.ledger.submit('recordIntent', first);
  const { spkiSha256 } = first;
  await assert.rejects(claim(store, tokenId, { spkiSha256 }), isProblem('conflict', { retryAfterSeconds: 1 }));
  await store.ledger.submit('recordCertificate', theCertificate(first));
  const again = await claim(store, tokenId, { spkiSha256, now: t0 + hourMs - 1 });
  assert.deepEqual(again, { outcome: 'replay', certificateId: first.certificateId });
  await assert.rejects(claim(store, tokenId), isProblem('enrolmentRefused'));
  await assert.rejects(claim(store, tokenId, { spkiSha256, now: t0 + hourMs }), isProblem('enrolmentRefused'));
  await store.ledger.submit('recordRevocation', aRevocation(first.certificateId));
  await assert.rejects(claim(store, tokenId, { spkiSha256 }), isProblem('enrolmentRefused'));
});

forEachDatabase('a crash before the certificate does not use the token up for its key', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const tokenId = await createToken(store);
  const first = enrolling(tokenId);
  await store.ledger.submit('recordIntent', first);
  const { certificateId, spkiSha256 } = first;
  await store.ledger.submit('abandonIntent', {
    certificateId,
    entryDer,
    now: t0,
    audit: anEvent({ action: 'settle' }),
  });
  await assert.rejects(claim(store, tokenId), isProblem('enrolmentRefused'));
  const second = enrolling(tokenId, { spkiSha256 });
  assert.deepEqual(await store.ledger.submit('recordIntent', second), { outcome: 'recorded' });
  assert.equal((await enrolmentTokenById(store.read, tokenId))?.certificateId, second.certificateId);
});

forEachDatabase('what is refused for another reason does not use the token up', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const tokenId = await createToken(store);
  const limits = { ...enrolling(tokenId).limits, maxCertificates: 0 };
  await assert.rejects(claim(store, tokenId, { limits }), isProblem('quotaExceeded'));
  assert.equal((await enrolmentTokenById(store.read, tokenId))?.usedAt, null);
  assert.deepEqual(await claim(store, tokenId), { outcome: 'recorded' });
});

forEachDatabase('a token is for one service, one time and perhaps one key', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const refused = (tokenId: string, changes: object = {}) =>
    assert.rejects(claim(store, tokenId, changes), isProblem('enrolmentRefused'));
  await refused(`tok_${'f'.repeat(32)}`);
  await refused(await createToken(store, { serviceId: 'covina-backend' }));
  await refused(await createToken(store), { now: t0 + hourMs });
  await refused(await createToken(store, { csrKeySha256: 'ee'.repeat(32) }));
  await claim(store, await createToken(store, { csrKeySha256: 'ee'.repeat(32) }), { spkiSha256: 'ee'.repeat(32) });
  const revoked = await createToken(store);
  const revocation = { tokenId: revoked, now: t0, audit: anEvent({ action: 'revoke-token', serviceId: null }) };
  assert.equal((await store.ledger.submit('revokeToken', revocation)).revokedAt, t0);
  assert.equal((await store.ledger.submit('revokeToken', { ...revocation, now: t0 + 1 })).revokedAt, t0);
  await refused(revoked);
  await assert.rejects(store.ledger.submit('revokeToken', { ...revocation, tokenId: 'tok_x' }), isProblem('notFound'));
});

forEachDatabase('tokens are listed newest first, and forgotten when they are old', async (_t, openFresh) => {
  const store = await openWithIssuer(openFresh);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const serviceId = i === 2 ? 'covina-backend' : 'veritas-backend';
    ids.unshift(await createToken(store, { createdAt: t0 + Math.floor(i / 2), expiresAt: t0 + i * dayMs, serviceId }));
  }
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEnrolmentTokens(store.read, { limit: 2, cursor });
    listed.push(...page.items.map(({ tokenId }) => tokenId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  assert.deepEqual(listed, ids);
  const ofOne = await listEnrolmentTokens(store.read, { service: 'covina-backend', limit: 9 });
  assert.deepEqual(
    ofOne.items.map(({ tokenId }) => tokenId),
    [ids[2]],
  );
  await assert.rejects(listEnrolmentTokens(store.read, { limit: 1, cursor: 'bm9uZQ' }), isProblem('malformed'));
  const forget = () => store.ledger.submit('forgetTokens', { before: t0 + 3 * dayMs, limit: 2 });
  assert.deepEqual(await forget(), { forgotten: 2 });
  assert.deepEqual(await forget(), { forgotten: 1 });
  assert.equal((await listEnrolmentTokens(store.read, { limit: 9 })).items.length, 2);
});
