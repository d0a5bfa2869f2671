import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { isProblemCode, type ProblemCode } from '@vcc-pki/api';
import { Agent } from 'undici';
import { assertProblem } from '../../support/assert-problem.ts';
import { type Answer, callThrough, type Identity } from '../../support/call-api.ts';
import { allowService } from '../../support/configure.ts';
import { rowCounts } from '../../support/row-counts.ts';
import type { RunningPki } from '../../support/running-pki.ts';

/** What a CSR may be refused with; anything else means that nobody thought of it. */
const csrCodes: readonly ProblemCode[] = ['badCSR', 'badPublicKey', 'badSignatureAlgorithm', 'rejectedIdentifier'];

/** Far above what a loaded machine needs for one refusal (the issue asks for 50 ms): only something that hangs is slower. */
const hangMs = 5000;

/** Among the files of others are good requests, for the name localhost: this service may hold no name but its own. */
export const strictService = 'strict';

/** For `configure`: lets {@link strictService} in. */
export const allowStrictService = allowService(strictService, `allowed_dns: [${strictService}]`);

export interface Refusals {
  /** Sends a body as it is, over connections that stay open. */
  send(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends a CSR in an otherwise good request, and asserts that it is refused for being bad, and for nothing else. */
  refuseCsr(csr: string | Uint8Array): Promise<Answer>;
}

/**
 * Lets a test send bad requests as a service of ours; afterwards nothing may be written but one audit entry for each, no
 * request may have hung or failed by our fault, and the server must issue as before.
 */
export async function refusing(
  t: TestContext,
  pki: RunningPki,
  test: (refusals: Refusals) => Promise<void>,
): Promise<void> {
  const service = await pki.issueFor(strictService);
  const before = await rowCounts(pki.databaseUrl);
  const logged = pki.log.length;
  const sent = await sendAll(pki, service, test);
  const after = await rowCounts(pki.databaseUrl);
  assert.deepEqual(after, { ...before, audit_log: before.audit_log + sent });
  reportTimes(t, pki.log.slice(logged));
  await pki.call('DELETE', `/api/v1/certificates/${service.certificateId}/revoke?reason=superseded`);
  const still = await pki.issueFor(strictService);
  await pki.call('DELETE', `/api/v1/certificates/${still.certificateId}/revoke?reason=superseded`);
  assert.equal((await pki.call('GET', '/ready', { as: null })).status, 200);
}

async function sendAll(
  { apiUrl, rootPem: ca }: RunningPki,
  { cert, key }: Identity,
  test: (refusals: Refusals) => Promise<void>,
): Promise<number> {
  const dispatcher = new Agent({ connections: 4, connect: { ca, cert, key } });
  let sent = 0;
  const send: Refusals['send'] = (body, headers) => {
    sent += 1;
    return callThrough(dispatcher, `${apiUrl}/api/v1/certificates/request`, {
      method: 'POST',
      body,
      ...(headers && { headers }),
    });
  };
  const refuseCsr: Refusals['refuseCsr'] = async (csr) => {
    const text = typeof csr === 'string' ? csr : Buffer.from(csr).toString('base64');
    const answer = await send({ service_name: strictService, csr: text });
    const { code, field } = answer.body;
    assert.ok(isProblemCode(code) && csrCodes.includes(code), answer.text);
    assertProblem(answer, code);
    assert.match(`${field}`, /^(csr|common_name)$/, answer.text);
    return answer;
  };
  try {
    await test({ send, refuseCsr });
  } finally {
    await dispatcher.close();
  }
  return sent;
}

/** The server's own measure, from the first octet of the request's head to the last of the answer. */
function reportTimes(t: TestContext, log: readonly string[]): void {
  const requests = log
    .map((line) => JSON.parse(line))
    .filter(({ msg, method }) => msg === 'request' && method === 'POST');
  const times = requests.map(({ ms }) => Number(ms)).sort((a, b) => a - b);
  const max = times.at(-1) ?? 0;
  t.diagnostic(`${times.length} refusals, median ${times[times.length >> 1]} ms, max ${max} ms in the server`);
  assert.ok(max < hangMs, `a request took ${max} ms`);
}
