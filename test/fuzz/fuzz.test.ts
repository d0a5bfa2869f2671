import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PathError } from '@vcc-pki/x509';
import { verdictOf } from '../../packages/x509/test/support/verdict.ts';
import { attack } from './attack.ts';
import { runCampaign } from './campaign.ts';
import { maxHeapGrowthOctets } from './heap.ts';
import { sealedSeeds } from './own-seeds.ts';

test('a thousand damaged objects: typed errors only, in time, and nothing is kept', async (t) => {
  const seed = Date.now() % 0x7fff_ffff;
  t.diagnostic(`npm run fuzz -- --runs 1000 --seed ${seed}`);
  const { runs, heapGrowthOctets } = await runCampaign({ runs: 1000, seed });
  assert.equal(runs, 1000);
  assert.ok(heapGrowthOctets < maxHeapGrowthOctets, `the heap grew by ${heapGrowthOctets} octets`);
});

test('what is signed anew makes a path as long as it is not damaged', async () => {
  for (const { name, octets, seal, request } of sealedSeeds()) {
    const sealed = seal?.(octets) ?? octets;
    const verdict = await verdictOf(request?.(sealed) ?? assert.fail(name));
    assert.ok(!(verdict instanceof PathError), `${name}: ${verdict}`);
  }
});

test('an error that is not a typed one ends the campaign', async () => {
  const { request } = sealedSeeds()[0] ?? assert.fail();
  const octets = Uint8Array.of(0x30, 0x00);
  const at = Number.NaN;
  await assert.rejects(attack(octets, { ...(request?.(octets) ?? assert.fail()), at }), RangeError);
});
