// The corpus of malformed and odd files: only typed errors, in time, and the consensus of OpenSSL, GnuTLS and pyca
// followed but for what stands, with its reason, in malformed-divergences.json.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePem } from '@vcc-pki/asn1';
import { parseCertificate, parseCertificateList, parseCertificateRequest } from '@vcc-pki/x509';
import divergences from './malformed-divergences.json' with { type: 'json' };
import { outcome, readings } from './support/readings.ts';
import { fastestMs, timeLimitMs } from './support/timing.ts';
import { readJsonVectors, readVectors, skipWithoutVectors } from './support/vectors.ts';

interface Item {
  readonly file: string;
  readonly kind: string;
  readonly consensus?: 'accept' | 'reject' | 'mixed';
}

const items = (): Item[] => readJsonVectors('malformed/manifest.json').items;

const parsers: Readonly<Record<string, (der: Uint8Array) => unknown>> = {
  cert: parseCertificate,
  csr: parseCertificateRequest,
  crl: (der) => [...parseCertificateList(der).entries()],
};

test('the verdict on every file is the consensus, or a divergence with a reason', { skip: skipWithoutVectors }, () => {
  const divergent = new Map(divergences.flatMap(({ files, code }) => files.map((file) => [file, code] as const)));
  let judged = 0;
  for (const { file, kind, consensus } of items()) {
    const parse = parsers[kind];
    if (parse === undefined || consensus === undefined || consensus === 'mixed') continue;
    const verdict = outcome(() => parse(readVectors(`malformed/${file}`)));
    if (divergent.has(file)) assert.equal(verdict, divergent.get(file), file);
    else assert.equal(verdict === 'ok', consensus === 'accept', `${file}: ${consensus}, here ${verdict}`);
    divergent.delete(file);
    judged++;
  }
  assert.deepEqual([...divergent.keys()], [], 'divergences that no file shows any more');
  assert.ok(judged > 900, `only ${judged} files`);
});

test('every parser meets every file with nothing but typed errors, under 20 ms per 100 kB', {
  skip: skipWithoutVectors,
}, async () => {
  for (const { file } of items()) {
    const der = readVectors(`malformed/${file}`);
    for (const reading of readings) {
      const limitMs = timeLimitMs(der.length);
      const tookMs = await fastestMs(limitMs, () => outcome(() => reading(der)));
      assert.ok(tookMs < limitMs, `${reading.name} of ${file} took ${tookMs} ms`);
    }
    if (file.startsWith('pem/')) outcome(() => parsePem(new TextDecoder().decode(der)));
  }
});
