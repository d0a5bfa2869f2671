import { encodePem } from '@vcc-pki/asn1';
import { generateKey, signCertificateRequest } from '@vcc-pki/signer';
import { Agent, request } from 'undici';
import type { BenchPki } from '../support/bench-pki.ts';
import type { Progress, Report } from '../support/benchmark.ts';
import { Connection, type Identity } from '../support/load.ts';
import { percentile, rounded } from '../support/statistics.ts';

const services = 1_000;

/** Newcomers that are at it at the same time. */
const atOnce = 50;

interface Newcomer {
  readonly service: string;
  readonly token: string;
  readonly key: string;
  readonly csr: string;
}

export interface Member extends Identity {
  readonly service: string;
  readonly certificateId: string;
}

/** A thousand services enrol with tokens, and renew, each on a connection of its own as it would be. */
export async function enrolFleet(
  { pki, apiUrl }: { readonly pki: BenchPki; readonly apiUrl: string },
  progress: Progress,
): Promise<{ readonly report: Report; readonly members: readonly Member[] }> {
  const newcomers = await makeNewcomers(pki, apiUrl);
  progress(`${services} tokens made`);
  const enrolled = await timed(newcomers, (newcomer) => enrol(newcomer, { apiUrl, ca: pki.rootPem }));
  progress(`enrolled: ${enrolled.perSecond.toFixed(0)}/s, p99 ${percentile(enrolled.latenciesMs, 99).toFixed(0)} ms`);
  const members = enrolled.results;
  const renewed = await timed(members, (member) => renew(member, { apiUrl, ca: pki.rootPem }));
  progress(`renewed: ${renewed.perSecond.toFixed(0)}/s, p99 ${percentile(renewed.latenciesMs, 99).toFixed(0)} ms`);
  return {
    members,
    report: {
      real_services: services,
      enrol_per_s: rounded(enrolled.perSecond),
      enrol_p50_ms: rounded(percentile(enrolled.latenciesMs, 50)),
      enrol_p99_ms: rounded(percentile(enrolled.latenciesMs, 99)),
      renew_per_s: rounded(renewed.perSecond),
      renew_p99_ms: rounded(percentile(renewed.latenciesMs, 99)),
    },
  };
}

async function makeNewcomers(pki: BenchPki, apiUrl: string): Promise<Newcomer[]> {
  const admin = new Connection(apiUrl, { ca: pki.rootPem, identity: pki.admin });
  const newcomers: Newcomer[] = [];
  for (let n = 1; n <= services; n++) {
    const service = `fleet-${n}`;
    const body = JSON.stringify({ service_name: service });
    const { text } = await admin.send({ method: 'POST', path: '/api/v1/tokens', body });
    const { token } = JSON.parse(text) as { token: string };
    newcomers.push({ service, token, ...(await newRequest()) });
  }
  await admin.close();
  return newcomers;
}

/** Each item once, so many at a time; latencies with the handshake in them. */
async function timed<T, R>(items: readonly T[], work: (item: T) => Promise<R>) {
  const latenciesMs: number[] = [];
  const results: R[] = [];
  const queue = items.entries();
  const start = performance.now();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      const began = performance.now();
      results[index] = await work(item);
      latenciesMs.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { results, latenciesMs, perSecond: (items.length / (performance.now() - start)) * 1000 };
}

interface Server {
  readonly apiUrl: string;
  readonly ca: string;
}

async function enrol({ service, token, key, csr }: Newcomer, { apiUrl, ca }: Server): Promise<Member> {
  const agent = new Agent({ connect: { ca } });
  try {
    const { statusCode, body } = await request(`${apiUrl}/api/v1/enroll`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, csr }),
    });
    const text = await body.text();
    if (statusCode !== 201) throw new Error(`${service} could not enrol: ${statusCode} ${text}`);
    return { service, key, ...identityOf(text) };
  } finally {
    await agent.close();
  }
}

async function renew(member: Member, { apiUrl, ca }: Server): Promise<Member> {
  const connection = new Connection(apiUrl, { ca, identity: member });
  const { key, csr } = await newRequest();
  const path = `/api/v1/certificates/${member.service}/renew`;
  const { text } = await connection.send({ method: 'POST', path, body: JSON.stringify({ csr }) });
  await connection.close();
  return { service: member.service, key, ...identityOf(text) };
}

function identityOf(text: string): { cert: string; certificateId: string } {
  const answer = JSON.parse(text) as { certificate_pem: string; chain_pem: string; certificate_id: string };
  return { cert: answer.certificate_pem + answer.chain_pem, certificateId: answer.certificate_id };
}

async function newRequest(): Promise<{ key: string; csr: string }> {
  const privateKey = await generateKey('P-256');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    csr: encodePem('CERTIFICATE REQUEST', await signCertificateRequest(privateKey)),
  };
}
