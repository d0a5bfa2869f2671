import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJsonVectors, readVectors, skipWithoutVectors } from '../../../packages/x509/test/support/vectors.ts';
import { runningPki } from '../../support/running-pki.ts';
import { allowStrictService, refusing } from './refusals.ts';

/** Good requests among the odd ones: no names, a strong key and its signature. They would be issued, and rightly. */
const good: readonly string[] = ['csr/pyca__challenge.pem.der'];

test('every malformed file of others is refused as a CSR', { skip: skipWithoutVectors }, async (t) => {
  const pki = await runningPki(t, { configure: allowStrictService });
  const { items } = readJsonVectors('malformed/manifest.json') as { items: { file: string }[] };
  assert.ok(items.length > 2000);
  await refusing(t, pki, async ({ refuseCsr }) => {
    const queue = items.map(({ file }) => file).filter((file) => !good.includes(file));
    const work = async (): Promise<void> => {
      for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
        const octets = readVectors(`malformed/${file}`);
        const isPem = file.endsWith('.pem');
        await refuseCsr(isPem ? Buffer.from(octets).toString('latin1') : octets).catch((error: unknown) => {
          throw new Error(`malformed/${file}`, { cause: error });
        });
      }
    };
    await Promise.all([work(), work(), work(), work()]);
  });
});
