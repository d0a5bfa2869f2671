import type { Progress, Report } from '../support/benchmark.ts';
import { type LoadRequest, load } from '../support/load.ts';
import { median, percentile, rounded } from '../support/statistics.ts';
import { type Caller, issueRequest } from './callers.ts';
import { processorTimePath, verifyAndSignPath } from './verify-and-sign.ts';

/** Until V8 has compiled what is called most. */
const warmUpMs = 10_000;
const roundMs = 5000;
const pairs = 4;

/** Issuing and only verifying and signing by turns, so that whatever else the machine does falls on both. */
export async function compareThroughput(callers: readonly Caller[], progress: Progress): Promise<Report> {
  const issueRound = roundOf(callers, (request) => request);
  const peerRound = roundOf(callers, (request) => ({ ...request, path: verifyAndSignPath }));
  await issueRound(warmUpMs);
  await peerRound(warmUpMs);
  const issued: number[] = [];
  const peer: number[] = [];
  const latencies: number[][] = [];
  const processorMs: { issue: number[]; peer: number[] } = { issue: [], peer: [] };
  for (let pair = 1; pair <= pairs; pair += 1) {
    const a = await issueRound(roundMs);
    const b = await peerRound(roundMs);
    issued.push(a.perSecond);
    peer.push(b.perSecond);
    latencies.push([...a.latenciesMs]);
    processorMs.issue.push(a.processorMs);
    processorMs.peer.push(b.processorMs);
    progress(`pair ${pair}: ${a.perSecond.toFixed(0)} issued/s, ${b.perSecond.toFixed(0)} verified and signed/s`);
  }
  return {
    connections: callers.length,
    ratio_to_verify_and_sign: rounded(median(issued.map((rate, pair) => rate / (peer[pair] as number)))),
    issued_per_s: Math.round(median(issued)),
    verify_and_sign_per_s: Math.round(median(peer)),
    processor_ms_per_issue: rounded(median(processorMs.issue)),
    processor_ms_per_verify_and_sign: rounded(median(processorMs.peer)),
    p50_ms: rounded(median(latencies.map((round) => percentile(round, 50)))),
    p99_ms: rounded(median(latencies.map((round) => percentile(round, 99)))),
  };
}

function roundOf(callers: readonly Caller[], change: (request: LoadRequest) => LoadRequest) {
  const requests = callers.map(({ service, csrs }) => csrs.map((csr) => change(issueRequest(service, csr))));
  const sent = callers.map(() => 0);
  const next = (connection: number): LoadRequest | undefined => {
    const own = requests[connection] as LoadRequest[];
    const number = sent[connection] as number;
    sent[connection] = number + 1;
    return own[number % own.length];
  };
  const connections = callers.map(({ connection }) => connection);
  return async (durationMs: number) => {
    const before = await processorTime(callers);
    const result = await load(connections, { durationMs, next });
    return { ...result, processorMs: ((await processorTime(callers)) - before) / result.latenciesMs.length };
  };
}

async function processorTime([caller]: readonly Caller[]): Promise<number> {
  const answer = await caller?.connection.send({ method: 'GET', path: processorTimePath });
  return (JSON.parse(`${answer?.text}`) as { milliseconds: number }).milliseconds;
}
