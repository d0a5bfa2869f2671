import { type CertificationPathRequest, PathError, type VerifiedPath, verifyCertificationPath } from '@vcc-pki/x509';
import type { CheckResult, Judgement } from './judgement.ts';
import { likelyPath, likelyTimes } from './likely-path.ts';
import { checkOf, type PathCheck, pathChecks } from './path-checks.ts';

/** A request whose inputs can be gone through more than once. */
export interface JudgedRequest extends CertificationPathRequest {
  readonly intermediates: readonly Uint8Array[];
  readonly trustAnchors: readonly Uint8Array[];
  readonly at: number;
}

/**
 * Asks the one judge, `verifyCertificationPath`, whether a path holds, and when it does not, asks again with fewer
 * demands to learn what else is wrong and what is in order: first without those that can be left out, then with one
 * after the other. Nothing is decided here.
 */
export async function judgePath(request: JudgedRequest): Promise<Judgement> {
  const verdict = await attempt(request);
  if (!(verdict instanceof PathError)) return accepted(request, verdict);
  const lenient = await findLenient(request);
  return lenient.verdict instanceof PathError
    ? withoutPath(request, verdict, lenient.request, lenient.verdict)
    : withPath(request, verdict, lenient.request, lenient.verdict);
}

type Verdict = VerifiedPath | PathError;

async function attempt(request: CertificationPathRequest): Promise<Verdict> {
  try {
    return await verifyCertificationPath(request);
  } catch (error) {
    if (error instanceof PathError) return error;
    throw error;
  }
}

/** The demands that can be left out, in the order in which they are put again. */
const demands: readonly {
  readonly check: PathCheck;
  readonly of: (request: JudgedRequest) => Partial<JudgedRequest>;
}[] = [
  { check: pathChecks.algorithms, of: () => ({ algorithms: 'strict' }) },
  { check: pathChecks.validity, of: ({ at }) => ({ at }) },
  { check: pathChecks.purpose, of: ({ purpose }) => (purpose === undefined ? {} : { purpose }) },
  { check: pathChecks.serverName, of: ({ serverName }) => (serverName === undefined ? {} : { serverName }) },
  // Last, because evidence is good only for a time at which the path is valid, and for signatures that are strong.
  { check: pathChecks.revocation, of: ({ revocation }) => (revocation === undefined ? {} : { revocation }) },
];

/** The request without those demands, at a time at which the path is most likely to have been valid. */
async function findLenient(request: JudgedRequest): Promise<{ request: JudgedRequest; verdict: Verdict }> {
  const { purpose: _purpose, serverName: _serverName, ...rest } = request;
  let lenient: JudgedRequest = { ...rest, algorithms: 'legacy', revocation: 'none' };
  let verdict = await attempt(lenient);
  for (const at of likelyTimes(request.endEntity)) {
    if (!(verdict instanceof PathError) || checkOf(verdict.code) !== pathChecks.validity) break;
    lenient = { ...lenient, at };
    verdict = await attempt(lenient);
  }
  return { request: lenient, verdict };
}

function accepted(request: JudgedRequest, verified: VerifiedPath): Judgement {
  const checks = Object.values(pathChecks).map((check) => passed(check, request, verified));
  return { error: undefined, path: { certificates: verified.certificates, isComplete: true }, checks, verified };
}

/** A path is there, but it does not meet every demand. */
async function withPath(
  request: JudgedRequest,
  error: PathError,
  lenient: JudgedRequest,
  found: VerifiedPath,
): Promise<Judgement> {
  const outcomes = new Map<PathCheck, CheckResult>();
  let [current, best] = [lenient, found];
  for (const { check, of } of demands) {
    if (check === pathChecks.revocation && outcomes.get(pathChecks.validity)?.result === 'failed') {
      outcomes.set(check, skipped(check, 'the path is not valid at that time'));
      continue;
    }
    const stricter: JudgedRequest = { ...current, ...of(request) };
    const verdict = await attempt(stricter);
    if (verdict instanceof PathError) outcomes.set(check, { check, result: 'failed', error: verdict });
    else {
      [current, best] = [stricter, verdict];
      outcomes.set(check, passed(check, request, verdict));
    }
  }
  const checks = Object.values(pathChecks).map((check) => outcomes.get(check) ?? passed(check, request, best));
  return { error, path: { certificates: best.certificates, isComplete: true }, checks, verified: undefined };
}

/** No path is there, even without those demands; of these, only what fails by the end entity alone shows. */
async function withoutPath(
  request: JudgedRequest,
  error: PathError,
  lenient: JudgedRequest,
  found: PathError,
): Promise<Judgement> {
  const failures = new Map<PathCheck, PathError>([[checkOf(found.code), found]]);
  for (const { check, of } of demands) {
    const verdict = await attempt({ ...lenient, ...of(request) });
    const isItsOwn = verdict instanceof PathError && verdict.code !== found.code && check.codes.includes(verdict.code);
    if (isItsOwn) failures.set(check, verdict);
  }
  const reached = checkOf(found.code).stage ?? 0;
  const checks = Object.values<PathCheck>(pathChecks).map((check): CheckResult => {
    const failure = failures.get(check);
    if (failure !== undefined) return { check, result: 'failed', error: failure };
    if (check.stage !== undefined && check.stage < reached) return { check, result: 'ok' };
    return skipped(check, unaskedReason(check, request) ?? 'not reached');
  });
  return { error, path: likelyPath(request), checks, verified: undefined };
}

function passed(check: PathCheck, request: JudgedRequest, { revocation }: VerifiedPath): CheckResult {
  const reason = unaskedReason(check, request);
  if (reason !== undefined) return skipped(check, reason);
  if (check === pathChecks.revocation && revocation.every(({ status }) => status === 'notChecked')) {
    return skipped(check, 'no CRL or OCSP response at hand speaks of them');
  }
  return { check, result: 'ok' };
}

/** Why a check is not made: nobody asked for it. */
function unaskedReason(check: PathCheck, request: JudgedRequest): string | undefined {
  if (check === pathChecks.purpose && request.purpose === undefined) return 'no --purpose given';
  if (check === pathChecks.serverName && request.serverName === undefined) return 'no --server-name given';
  if (check === pathChecks.revocation && request.revocation === 'none') return '--revocation none';
  return undefined;
}

function skipped(check: PathCheck, reason: string): CheckResult {
  return { check, result: 'skipped', reason };
}
