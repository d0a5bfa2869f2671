import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lintCertificate } from '@vcc-pki/lint';
import fc from 'fast-check';
import { encodeCertificate, intermediate, leaf, rsaLeaf } from './base-certificates.ts';
import { encodeCrl, fullCrl } from './base-crls.ts';
import { encodeRequest, request } from './base-requests.ts';
import { linters } from './fixture.ts';

const kinds = Object.keys(linters) as (keyof typeof linters)[];

/** Every linter over `der`: what counts is that each returns, and returns findings. */
function lintAll(der: Uint8Array): void {
  for (const kind of kinds) {
    for (const finding of linters[kind](der)) assert.ok(finding.ruleId && finding.message);
  }
}

const bases = [
  encodeCertificate(leaf),
  encodeCertificate(rsaLeaf),
  encodeCertificate(intermediate),
  encodeCrl(fullCrl),
  encodeRequest(request),
];

test('random octets are malformed DER, never an exception', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 200 }), (kind, bytes) => {
      assert.deepEqual(
        linters[kind](bytes).map(({ ruleId }) => ruleId),
        ['der_malformed'],
      );
    }),
  );
});

test('overwritten octets give findings or none, never an exception', () => {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(fc.constantFrom(...bases), fc.array(change, { minLength: 1, maxLength: 4 }), (base, changes) => {
      const der = base.slice();
      for (const [at, octet] of changes) der[at % der.length] = octet;
      lintAll(der);
    }),
    { numRuns: 3000 },
  );
});

test('a cut-off input is malformed at every length', () => {
  for (const base of bases) {
    for (let length = 0; length < base.length; length++) {
      const der = base.subarray(0, length);
      for (const kind of kinds) {
        assert.deepEqual(
          linters[kind](der).map(({ ruleId }) => ruleId),
          ['der_malformed'],
        );
      }
    }
  }
});

const vectors = process.env['VCC_PKI_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors');
const malformed = join(vectors, 'malformed');
const pkits = join(vectors, 'pkits');

test('the malformed files of others: no exception, less than 50 ms each', { skip: skipReason(malformed) }, () => {
  let count = 0;
  for (const { parentPath, name } of readdirSync(malformed, { recursive: true, withFileTypes: true }).filter((e) =>
    e.isFile(),
  )) {
    const bytes = readFileSync(join(parentPath, name));
    // The machine may be busy with something else: a slow file is slow three times.
    const elapsedMs = Math.min(timeOf(bytes), timeOf(bytes), timeOf(bytes));
    assert.ok(elapsedMs < 50, `${name} took ${elapsedMs} ms`);
    count++;
  }
  assert.ok(count > 2000, `only ${count} files`);
});

test('the certificates and CRLs of PKITS can be read', { skip: skipReason(pkits) }, () => {
  for (const [folder, kind] of [
    ['certs', 'certificate'],
    ['crls', 'crl'],
  ] as const) {
    for (const file of readdirSync(join(pkits, folder))) {
      const findings = linters[kind](readFileSync(join(pkits, folder, file)));
      const unread = findings.find(({ ruleId }) => ruleId === 'der_malformed');
      assert.equal(unread, undefined, `${file}: ${unread?.message}`);
    }
  }
});

function timeOf(der: Uint8Array): number {
  const start = performance.now();
  lintAll(der);
  return performance.now() - start;
}

function skipReason(folder: string): string | false {
  return existsSync(folder) ? false : `no test vectors at ${folder}: set VCC_PKI_VECTORS`;
}

test('what is remembered of a certificate is a copy: whoever writes over its octets spoils nothing', () => {
  const der = encodeCertificate(leaf);
  for (let at = 0; at < der.length; at++) {
    const octets = der.slice();
    assert.deepEqual(lintCertificate(octets), []);
    octets[at] = 0xa5;
    const findings = lintCertificate(octets);
    octets.fill(0);
    assert.deepEqual(lintCertificate(der), []);
    octets.set(der);
    octets[at] = 0xa5;
    assert.deepEqual(lintCertificate(octets), findings, `octet ${at}`);
  }
});
