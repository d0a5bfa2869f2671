/**
 * Writes to the store at its first argument until it is killed, and says which intents were acknowledged.
 *
 * @module
 */
import { openStore } from '../../apps/server/src/store/index.ts';
import { anIntent, anIssuer } from './ledger-inputs.ts';

const [url] = process.argv.slice(2);
// node:test takes every file below test/ for a test; without a store there is nothing to do.
if (url !== undefined) await write(url);

async function write(storeUrl: string): Promise<void> {
  const store = await openStore({ url: storeUrl });
  await store.ledger.submit('recordIssuer', anIssuer());
  const { randomUUID } = await import('node:crypto');
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (;;) {
        const mark = randomUUID().replaceAll('-', '');
        const intent = anIntent({ certificateId: `cert_${mark}`, serialNumber: mark, spkiSha256: mark });
        await store.ledger.submit('recordIntent', intent);
        process.stdout.write(`${intent.certificateId}\n`);
      }
    }),
  );
}
