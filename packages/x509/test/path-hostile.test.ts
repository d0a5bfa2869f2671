// Hostile input of every kind through the one entry point: a verdict or a PathError, never anything else, in time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PathError } from '@vcc-pki/x509';
import fc from 'fast-check';
import { mutate, mutation } from './support/mutations.ts';
import {
  ica,
  leaf,
  type PathParts,
  type PathPlace,
  pathParts,
  pathRequest,
  placesByKind,
} from './support/path-scene.ts';
import { readJsonVectors, readVectors, skipWithoutVectors } from './support/vectors.ts';
import { verdictOf } from './support/verdict.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 1000);

const judge = (given: PathParts) => verdictOf(pathRequest(given));

test('the untouched parts make a path', async () => {
  const path = await judge(pathParts);
  assert.ok(!(path instanceof PathError), String(path));
  assert.deepEqual(path.policies, ['1.2.3']);
});

const change = fc.tuple(fc.constantFrom(...(Object.keys(pathParts) as PathPlace[])), mutation);

test('mutated certificates, CRLs and responses: a verdict or a PathError', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const mutated: Record<PathPlace, Uint8Array> = { ...pathParts };
      for (const [part, one] of changes) mutated[part] = mutate(mutated[part], [one]);
      const verdict = await judge(mutated);
      if (verdict instanceof PathError) refused++;
      // What is accepted in spite of a change to the end entity or its issuer would be forged.
      else assert.deepEqual(verdict.chain.slice(0, 2), [leaf.der, ica.der]);
    }),
    { numRuns: runs },
  );
  assert.ok(refused > runs / 2, `only ${refused} of ${runs} refused`);
});

test('an octet changed anywhere in the end entity refuses it', async () => {
  for (let at = 0; at < leaf.der.length; at++) {
    const der = new Uint8Array(leaf.der);
    der[at]! ^= 0x01;
    assert.ok((await judge({ ...pathParts, leaf: der })) instanceof PathError, `octet ${at}`);
  }
});

test('every file of the malformed corpus in every place', { skip: skipWithoutVectors }, async () => {
  const items: readonly { file: string; kind: string }[] = readJsonVectors('malformed/manifest.json').items;
  let seen = 0;
  for (const { file, kind } of items) {
    const der = readVectors(`malformed/${file}`);
    for (const place of placesByKind[kind] ?? []) {
      const verdict = await judge({ ...pathParts, [place]: der });
      if (place === 'leaf' || place === 'ica' || place === 'root') assert.ok(verdict instanceof PathError, file);
      seen++;
    }
  }
  assert.ok(seen > 2000, `only ${seen}`);
});
