import { test } from 'node:test';
import { encodeElement, encodeSequence, parsePem, Tag } from '@vcc-pki/asn1';
import fc from 'fast-check';
import { requestDer } from '../../support/certificate-request.ts';
import { newRequest } from '../../support/running-pki.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { allowStrictService, refusing } from './refusals.ts';

const shared = sharedPki(() => ({ configure: allowStrictService }));

/** The same cases in every run; another seed finds others. */
const reproducible = { seed: 20261121, numRuns: 300 };

const place = fc.nat({ max: 100_000 });
const octets = fc.uint8Array({ minLength: 1, maxLength: 40 });

type Mutation = (original: Uint8Array) => Uint8Array;

const bitFlips: fc.Arbitrary<Mutation> = fc.array(place, { minLength: 1, maxLength: 3 }).map((places) => (original) => {
  const mutant = Uint8Array.from(original);
  // Each its own bit, for two flips of one would be none.
  for (const bit of new Set(places.map((at) => at % (original.length * 8)))) mutant[bit >> 3]! ^= 1 << (bit & 7);
  return mutant;
});
const truncations: fc.Arbitrary<Mutation> = place.map((at) => (original) => original.slice(0, at % original.length));
const insertions: fc.Arbitrary<Mutation> = fc.tuple(place, octets).map(
  ([at, added]) =>
    (original) =>
      Buffer.concat([original.slice(0, at % original.length), added, original.slice(at % original.length)]),
);
const deletions: fc.Arbitrary<Mutation> = fc
  .tuple(place, fc.integer({ min: 1, max: 40 }))
  .map(([at, count]) => (original) => {
    const start = at % original.length;
    return Buffer.concat([original.slice(0, start), original.slice(start + count)]);
  });
const appendices: fc.Arbitrary<Mutation> = octets.map((added) => (original) => Buffer.concat([original, added]));

/** SEQUENCEs in one another, as deep as they fit into a CSR of 48 KiB. */
function nested(depth: number, tag: number, core: Uint8Array): Uint8Array {
  let element = core;
  for (let i = 0; i < depth && element.length < 48_000; i += 1) element = encodeElement(tag, element);
  return element;
}

test('a CSR that was changed in any way is refused', async (t) => {
  const pki = shared();
  const original = parsePem((await newRequest()).csr)[0]!.der;
  const withNames = await requestDer({ names: [{ type: 'dNSName', value: 'strict' }], commonName: 'strict' });
  await refusing(t, pki, async ({ refuseCsr }) => {
    const mutation = fc.oneof(bitFlips, truncations, insertions, deletions, appendices);
    const cases = fc.asyncProperty(mutation, fc.constantFrom(original, withNames), async (mutate, source) => {
      const mutant = mutate(source);
      // An insertion can add what stood there before, at the end of equal octets: that is no change.
      fc.pre(Buffer.compare(mutant, source) !== 0);
      await refuseCsr(mutant.length === 0 ? Buffer.from([0]) : mutant);
    });
    await fc.assert(cases, reproducible);
  });
});

test('DER that is nested without end is refused, wherever it stands', async (t) => {
  const pki = shared();
  await refusing(t, pki, async ({ refuseCsr }) => {
    for (const depth of [10, 100, 1000, 20_000]) {
      for (const tag of [Tag.sequence, Tag.set, 0xa0]) {
        const deep = nested(depth, tag, new Uint8Array());
        await refuseCsr(deep);
        await refuseCsr(encodeSequence(deep, encodeSequence(), new Uint8Array([Tag.bitString, 1, 0])));
        await refuseCsr(await requestDer({ extensions: [{ id: '1.2.3.4', critical: false, value: deep }], names: [] }));
      }
    }
    // Indefinite lengths (BER): 0x30 0x80 again and again, never closed.
    await refuseCsr(Buffer.from('3080'.repeat(20_000), 'hex'));
    // A length that promises 4 GiB.
    await refuseCsr(Buffer.from('3084ffffffff', 'hex'));
  });
});

test('text that is neither PEM nor base64 is refused', async (t) => {
  const pki = shared();
  await refusing(t, pki, async ({ refuseCsr }) => {
    const { csr } = await newRequest();
    const body = csr.split('\n').slice(1, -2).join('\n');
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }), (text) =>
        refuseCsr(text).then(() => {}),
      ),
      { ...reproducible, numRuns: 100 },
    );
    const wrapped = (label: string, text: string): string =>
      `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
    for (const text of [
      '-----BEGIN CERTIFICATE REQUEST-----',
      wrapped('CERTIFICATE REQUEST', ''),
      wrapped('CERTIFICATE REQUEST', `${body}*`),
      wrapped('CERTIFICATE', body),
      wrapped('PRIVATE KEY', body),
      csr + csr,
      pki.rootPem,
      pki.admin.key,
      'A'.repeat(65_536),
      '='.repeat(100),
    ]) {
      await refuseCsr(text);
    }
  });
});
