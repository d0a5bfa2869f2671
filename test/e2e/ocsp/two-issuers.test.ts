import assert from 'node:assert/strict';
import { anIntent, anIssuer, aRevocation, theCertificate } from '../../store/ledger-inputs.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { loneResponder } from '../../support/lone-responder.ts';

forEachDatabase(
  'two CAs of one name in one ledger never answer for each other, though they use the same serial',
  async (t, openFresh) => {
    const store = await openFresh();
    const serial = '5a'.repeat(18);
    const { issuerIds, ask } = await loneResponder(t, store, { issuers: 3 });
    const [first, second, third] = issuerIds as [string, string, string];
    for (const [n, issuerId] of [first, second, third].entries()) {
      const marks = { serialNumber: `0${n}`, fingerprintSha256: `${n}`.repeat(64) };
      await store.ledger.submit('recordIssuer', anIssuer({ issuerId, ...marks }));
    }
    const ids: string[] = [];
    for (const [n, issuerId] of [first, second].entries()) {
      const intent = anIntent({ issuerId, serialNumber: serial });
      await store.ledger.submit('recordIntent', intent);
      await store.ledger.submit('recordCertificate', theCertificate(intent, { fingerprint: `a${n}`.repeat(32) }));
      ids.push(intent.certificateId);
    }
    const statusOf = async (issuer: number): Promise<string> => {
      const answer = await ask({ issuer, serial });
      assert.ok(answer.status === 'successful');
      return `${answer.response.responses[0]?.status.type}`;
    };
    assert.deepEqual(await Promise.all([0, 1, 2].map(statusOf)), ['good', 'good', 'unknown']);

    await store.ledger.submit('recordRevocation', aRevocation(`${ids[1]}`));
    // Both were kept; the watch forgets what was revoked, and nothing else.
    for (let tries = 0; tries < 60 && (await statusOf(1)) === 'good'; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(await Promise.all([0, 1, 2].map(statusOf)), ['good', 'revoked', 'unknown']);
  },
);
