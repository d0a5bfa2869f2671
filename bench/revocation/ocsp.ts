import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePem } from '@vcc-pki/asn1';
import { encodeCertId, encodeOcspRequest, hashIssuer, parseCertificate, serialFromHex } from '@vcc-pki/x509';
import { makeCallers } from '../issue/callers.ts';
import type { BenchPki } from '../support/bench-pki.ts';
import type { Progress, Report } from '../support/benchmark.ts';
import { Connection } from '../support/load.ts';
import { startServerProcess } from '../support/server-process.ts';
import { median, rounded } from '../support/statistics.ts';
import { bufferPath, signOnlyPath } from './ocsp-peers.ts';
import { PublicLoad, type PublicRequest } from './public-load.ts';

const serverFile = new URL('./ocsp-server.ts', import.meta.url);

const certificates = 50;
const connections = 32;
const warmUpMs = 3000;
/** Many short rounds: what else the machine does then falls on both of a pair, or only on a few of them. */
const roundMs = 1000;
const pairs = 15;

/**
 * OCSP answers signed a second against an endpoint of the same server that only signs, and kept answers against one that
 * answers a fixed buffer; by turns, so that whatever else the machine does falls on both.
 */
export async function measureOcsp(pki: BenchPki, progress: Progress): Promise<Report> {
  const server = await startServerProcess(serverFile, pki);
  const load = new PublicLoad(server.publicUrl, connections);
  try {
    const questions = await questionsAbout(pki, await issueSome(pki, server.apiUrl));
    const compare = (name: string, own: readonly PublicRequest[], peer: readonly PublicRequest[]) =>
      comparison(load, { name, own, peer, progress });
    const signed = await compare('OCSP answers signed', questions.fresh, questions.fresh.map(signOnly));
    const kept = await compare('OCSP answers kept', questions.cacheable, [{ method: 'GET', path: bufferPath }]);
    return {
      ocsp_ratio_to_sign_only: signed.ratio,
      ocsp_signed_per_s: signed.own,
      sign_only_per_s: signed.peer,
      ocsp_cached_ratio_to_buffer: kept.ratio,
      ocsp_cached_per_s: kept.own,
      buffer_per_s: kept.peer,
    };
  } finally {
    await load.close();
    await server.stop();
  }
}

function signOnly(request: PublicRequest): PublicRequest {
  return { ...request, path: signOnlyPath };
}

/** @returns serial numbers in lower-case hex. */
async function issueSome(pki: BenchPki, apiUrl: string): Promise<string[]> {
  const callers = await makeCallers({ pki, apiUrl, count: certificates });
  await Promise.all(callers.map(({ connection }) => connection.close()));
  const admin = new Connection(apiUrl, { ca: pki.rootPem, identity: pki.admin });
  const { text } = await admin.send({ method: 'GET', path: `/api/v1/certificates?limit=${certificates}` });
  await admin.close();
  const { items } = JSON.parse(text) as { items: { serial_number: string }[] };
  return items.map((item) => item.serial_number);
}

/** With a nonce each answer is signed for its asker; without one it is kept. */
async function questionsAbout({ directory }: BenchPki, serials: readonly string[]) {
  const [block] = parsePem(await readFile(join(directory, 'intermediate/intermediate_ca.pem'), 'latin1'));
  const issuer = hashIssuer(parseCertificate(block?.der as Uint8Array), 'sha256');
  const certIds = serials.map((serial) => encodeCertId(issuer, serialFromHex(serial)));
  const fresh = certIds.map((certId): PublicRequest => {
    const nonce = new Uint8Array(randomBytes(32));
    return { method: 'POST', path: '/ocsp', body: encodeOcspRequest([certId], { nonce }) };
  });
  const cacheable = certIds.map((certId): PublicRequest => {
    const text = encodeURIComponent(Buffer.from(encodeOcspRequest([certId])).toString('base64'));
    return { method: 'GET', path: `/ocsp/${text}` };
  });
  return { fresh, cacheable };
}

async function comparison(
  load: PublicLoad,
  sides: { name: string; own: readonly PublicRequest[]; peer: readonly PublicRequest[]; progress: Progress },
): Promise<{ ratio: number; own: number; peer: number }> {
  await load.rate(sides.own, warmUpMs);
  await load.rate(sides.peer, warmUpMs);
  const own: number[] = [];
  const peer: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    own.push(await load.rate(sides.own, roundMs));
    peer.push(await load.rate(sides.peer, roundMs));
  }
  const found = {
    ratio: rounded(median(own.map((rate, pair) => rate / (peer[pair] as number)))),
    own: Math.round(median(own)),
    peer: Math.round(median(peer)),
  };
  sides.progress(`${sides.name}: ${found.own}/s against ${found.peer}/s, ratio ${found.ratio}`);
  return found;
}
