import { sign, verify } from 'node:crypto';
import type { Progress, Report } from '../support/benchmark.ts';
import { median, rounded } from '../support/statistics.ts';
import { handshakes } from './handshakes.ts';
import { type Judge, ourJudge, pkijsJudge } from './judges.ts';
import { type ThreeCertificates, threeCertificates } from './three-certificates.ts';

const rounds = 20;
const runsPerRound = 50;

/**
 * Verifies one path of three certificates, each below the root with its CRL, with {@link verifyCertificationPath}, with
 * pkijs, and with OpenSSL as a TLS server asks it: in milliseconds, medians, one after another on one thread.
 */
export async function compareJudges(progress: Progress): Promise<Report> {
  const path = threeCertificates();
  const { verifying, plain } = handshakes(path);
  const judges = { ours: ourJudge(path), pkijs: pkijsJudge(path), verifying, plain, proof: proofOfPossession(path) };
  progress(`${rounds * runsPerRound} times: the same path by us, by pkijs, by OpenSSL in a TLS handshake`);
  const ms = await medians(judges);
  const first = await time(ourJudgeOfNews());
  // What a handshake with a client certificate does beside verifying the path: the client signs, the server verifies that.
  const openssl = ms.verifying - ms.plain - ms.proof;
  return {
    path_ms: rounded(ms.ours),
    path_first_ms: rounded(median(first)),
    path_pkijs_ms: rounded(ms.pkijs),
    path_openssl_tls_ms: rounded(openssl),
    path_handshake_ms: rounded(ms.plain),
    path_handshake_verifying_ms: rounded(ms.verifying),
    path_times_faster_than_pkijs: rounded(ms.pkijs / ms.ours),
    path_times_of_openssl_tls: rounded(ms.ours / openssl),
  };
}

/**
 * In turns, so that what else the machine does meets all alike; in rounds, so that none is charged for the rubbish or the
 * cold caches that another leaves. The first round warms up.
 */
async function medians<Name extends string>(judges: Readonly<Record<Name, Judge>>): Promise<Record<Name, number>> {
  const names = Object.keys(judges) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const taken = await time(judges[name]);
      if (round > 0) times.get(name)?.push(...taken);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>;
}

async function time(judge: Judge): Promise<number[]> {
  const taken: number[] = [];
  for (let run = 0; run < runsPerRound; run++) {
    const start = performance.now();
    await judge();
    taken.push(performance.now() - start);
  }
  return taken;
}

/** Ours, with CAs and CRLs that it has never met. */
function ourJudgeOfNews(): Judge {
  const judges = Array.from({ length: runsPerRound }, () => ourJudge(threeCertificates()));
  return async () => judges.pop()?.();
}

/** A CertificateVerify (RFC 8446 s4.4.3): 130 octets signed and verified. */
function proofOfPossession({ privateKey, publicKey }: ThreeCertificates): Judge {
  const data = new Uint8Array(130);
  return async () => {
    if (!verify('sha256', data, publicKey, sign('sha256', data, privateKey))) throw new Error('another key');
  };
}
