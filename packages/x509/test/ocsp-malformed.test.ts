// The OCSP files of the malformed corpus: the consensus of OpenSSL, GnuTLS and pyca is followed without exception.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOcspRequest, parseOcspResponse } from '@vcc-pki/x509';
import { outcome } from './support/readings.ts';
import { readJsonVectors, readVectors, skipWithoutVectors } from './support/vectors.ts';

test('OCSP files: the verdict is the consensus', { skip: skipWithoutVectors }, () => {
  const items: readonly { file: string; kind: string; consensus: string }[] =
    readJsonVectors('malformed/manifest.json').items;
  let judged = 0;
  for (const { file, kind, consensus } of items) {
    if (!kind.startsWith('ocsp-')) continue;
    const der = readVectors(`malformed/${file}`);
    const verdict = outcome(() => (kind === 'ocsp-req' ? parseOcspRequest(der) : parseOcspResponse(der)));
    judged++;
    if (consensus !== 'mixed') assert.equal(verdict === 'ok', consensus === 'accept', file);
  }
  assert.ok(judged >= 30, `only ${judged}`);
});
