import assert from 'node:assert/strict';
import type { CertificationPathRequest } from '@vcc-pki/x509';
import { lintCertificate, lintCertificateRequest, lintCrl } from '../../packages/lint/src/index.ts';
import { outcome, readings } from '../../packages/x509/test/support/readings.ts';
import { fastestMs, timeLimitMs } from '../../packages/x509/test/support/timing.ts';
import { verdictOf } from '../../packages/x509/test/support/verdict.ts';

const lints = [lintCertificate, lintCertificateRequest, lintCrl];
const readers = [...readings, ...lints].map((reader) => ({
  name: reader.name,
  read: (der: Uint8Array) => void outcome(() => reader(der)),
}));

/**
 * Gives hostile octets to every parser, every lint and, with a request, to the judge of certification paths.
 *
 * @returns the longest that one of them took.
 * @throws Error whatever any of them throws that is no typed error; AssertionError when one takes more than 20 ms for
 *   each 100 kB in ten attempts.
 */
export async function attack(der: Uint8Array, request: CertificationPathRequest | undefined): Promise<number> {
  let slowestMs = 0;
  for (const { name, read } of readers) {
    slowestMs = Math.max(slowestMs, await timed(name, der.length, () => read(der)));
  }
  if (request === undefined) return slowestMs;
  const verify = (): unknown => verdictOf(request);
  return Math.max(slowestMs, await timed('verifyCertificationPath', octetsOf(request), verify));
}

async function timed(name: string, octets: number, run: () => unknown): Promise<number> {
  const limitMs = timeLimitMs(octets);
  const tookMs = await fastestMs(limitMs, run);
  assert.ok(tookMs < limitMs, `${name} took ${tookMs} ms for ${octets} octets`);
  return tookMs;
}

function octetsOf({ endEntity, intermediates, trustAnchors, crls = [], ocspResponses = [] }: CertificationPathRequest) {
  const all = [endEntity, ...intermediates, ...trustAnchors, ...crls, ...ocspResponses];
  return all.reduce((sum, { length }) => sum + length, 0);
}
