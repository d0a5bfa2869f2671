// Bytes flipped, cut out and put in: parsers throw typed errors and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, encodeElement, encodeExplicit } from '@vcc-pki/asn1';
import {
  encodeCertsOnlyCms,
  parseCertificate,
  parseCertificateList,
  parseCertificateRequest,
  parseCertsOnlyCms,
  type RevocationReason,
  revocationReasons,
  serialFromHex,
} from '@vcc-pki/x509';
import fc from 'fast-check';
import { parseAllExtensions } from './support/extension-parsers.ts';
import { makeKey } from './support/keys.ts';
import { mutate, mutations } from './support/mutations.ts';
import { outcome } from './support/readings.ts';
import { makeCertificate, makeCertificateList, makeCertificateRequest } from './support/samples.ts';

const key = makeKey();
const certificate = makeCertificate(key);

const subjects: readonly [string, Uint8Array, (der: Uint8Array) => unknown][] = [
  ['certificate', certificate, (der) => parseAllExtensions(parseCertificate(der).extensions)],
  [
    'certificate request',
    makeCertificateRequest(key),
    (der) => parseAllExtensions(parseCertificateRequest(der).extensionRequest),
  ],
  [
    'certificate list',
    makeCertificateList(key, Object.keys(revocationReasons) as RevocationReason[]),
    (der) => {
      const list = parseCertificateList(der);
      list.findEntry(serialFromHex('ffff'));
      parseAllExtensions(list.extensions);
      for (const { extensions } of list.entries()) parseAllExtensions(extensions);
    },
  ],
  ['certs-only message', encodeCertsOnlyCms([certificate]), parseCertsOnlyCms],
];

for (const [name, der, parse] of subjects) {
  test(`a mutated ${name} gives typed errors only`, () => {
    assert.doesNotThrow(() => parse(der));
    fc.assert(
      fc.property(mutations, (changes) => void outcome(() => parse(mutate(der, changes)))),
      { numRuns: 3000 },
    );
  });

  test(`a ${name} with any single octet changed gives typed errors only`, () => {
    for (let at = 0; at < der.length; at++) {
      for (const bit of [0x01, 0x20, 0x80, 0xff]) {
        const changed = der.slice();
        changed[at] = (changed[at] as number) ^ bit;
        outcome(() => parse(changed));
      }
    }
  });

  test(`a ${name} cut off anywhere, or with octets after it, is refused`, () => {
    for (let length = 0; length < der.length; length++) assert.throws(() => parse(der.subarray(0, length)), DerError);
    assert.throws(() => parse(Uint8Array.of(...der, 0)), { code: 'trailingData' });
  });

  test(`hostile nesting in place of a ${name} is refused, whatever its depth`, () => {
    let nested = encodeElement(0x30);
    for (let depth = 0; depth < 5000; depth++)
      nested = depth % 2 === 0 ? encodeElement(0x30, nested) : encodeExplicit(0, nested);
    assert.throws(() => parse(nested), DerError);
  });
}
