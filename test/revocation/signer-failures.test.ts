import assert from 'node:assert/strict';
import { createSoftwareSigner, generateKey, type Signer } from '@vcc-pki/signer';
import { newestCrl } from '../../apps/server/src/store/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { dayMs, manualClock } from '../support/manual-clock.ts';
import { newIssuer, recordIssuer, revokeIn, serialsOf, startPublisher } from './publishing.ts';

const issuer = await newIssuer(2);
const stranger = createSoftwareSigner(await generateKey('P-256'));

/** The CA's key, until it is told to be something else. */
function fickleSigner(): Signer & { sign: Signer['sign'] } {
  return { ...issuer.signer, sign: (data) => issuer.signer.sign(data), publicKey: issuer.signer.publicKey };
}

const faults: Readonly<Record<string, Signer['sign']>> = {
  'that fails': () => Promise.reject(new Error('the token is gone')),
  'that signs with another key': (data) => stranger.sign(data),
  'that gives garbage': async () => new Uint8Array(70),
};

for (const [fault, sign] of Object.entries(faults)) {
  forEachDatabase(`with a signer ${fault} the last good CRL stays, and the server says so`, async (t, openFresh) => {
    const store = await openFresh();
    await recordIssuer(store, issuer);
    const clock = manualClock();
    const signer = { ...fickleSigner(), signatureAlgorithm: issuer.signer.signatureAlgorithm };
    const { publisher, crl, failures, until } = await startPublisher(t, { store, issuer, clock, signer });
    const good = crl('1');
    signer.sign = sign;
    const revoked = await revokeIn(store, issuer, { shard: 1, now: clock.now() });
    publisher.revoked(revoked);
    await until('a second failure', () => failures.some((each) => each.scope === '1' && each.failures === 2));
    assert.equal(crl('1'), good);
    assert.equal((await newestCrl(store.read, { issuerId: issuer.issuerId, scope: '1' }))?.number, good.number);
    assert.deepEqual(publisher.complaints(), [], 'what is served is still good');
    clock.advance(dayMs + 1);
    assert.match(publisher.complaints().join(), new RegExp(`CRL 1 of ${issuer.issuerId} has passed its nextUpdate`));

    signer.sign = (data) => issuer.signer.sign(data);
    await until('it recovers', () => serialsOf(crl('1')).includes(revoked.serialNumber));
    await until('all is well', () => publisher.complaints().length === 0);
  });
}

forEachDatabase('a server whose key does not sign starts all the same, and is not ready', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const signer = { ...fickleSigner(), signatureAlgorithm: issuer.signer.signatureAlgorithm };
  signer.sign = () => Promise.reject(new Error('the token is not plugged in'));
  const { publisher, failures } = await startPublisher(t, { store, issuer, clock: manualClock(), signer });
  assert.deepEqual(publisher.complaints(), ['there is no full CRL']);
  assert.ok(failures.length >= 2);
});

forEachDatabase('a CRL in the ledger that was tampered with is not served', async (t, openFresh) => {
  const store = await openFresh();
  await recordIssuer(store, issuer);
  const clock = manualClock();
  const first = await startPublisher(t, { store, issuer, clock });
  const { serialNumber } = await revokeIn(store, issuer, { shard: 0, now: clock.now() });
  await first.until('the shard', () => serialsOf(first.crl('0')).includes(serialNumber));
  await first.publisher.close();
  // The revoked certificate is taken off the list by who has the database.
  const [row] = await store.execute(
    "select der from published_crl_parts where scope = '0' order by number desc limit 1",
  );
  const another = `${serialNumber.slice(0, -1)}${serialNumber.endsWith('0') ? '1' : '0'}`;
  const forged = Buffer.from(
    Buffer.from(row?.['der'] as Uint8Array)
      .toString('hex')
      .replace(serialNumber, another),
    'hex',
  );
  await store.execute(
    `update published_crl_parts set der = ${store.dialect === 'sqlite' ? `x'${forged.toString('hex')}'` : `'\\x${forged.toString('hex')}'`} where scope = '0'`,
  );
  const second = await startPublisher(t, { store, issuer, clock });
  assert.equal(second.unusable.length, 1);
  assert.match(second.unusable.join(), /^0 /);
  assert.deepEqual(serialsOf(second.crl('0')), [serialNumber]);
});
