/**
 * A process that issues certificates until `kill -9` ends it at the step of its plan (victim-plan.ts). What leaves its
 * CA key, and what its requests were answered, stands in its journal before anything else is done with it.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parsePem } from '@vcc-pki/asn1';
import { parseCertificate } from '@vcc-pki/x509';
import { loadConfig } from '../../apps/server/src/config/index.ts';
import { toOrder } from '../../apps/server/src/http/routes/certificate-order.ts';
import type { FaultLabel, IssuanceDeps } from '../../apps/server/src/issuance/deps.ts';
import { requestCertificate } from '../../apps/server/src/issuance/request.ts';
import { createLog } from '../../apps/server/src/log.ts';
import { openParts } from '../../apps/server/src/open-parts.ts';
import type { Requester } from '../../apps/server/src/requester.ts';
import type { ServerOptions } from '../../apps/server/src/server-options.ts';
import { Journal } from './journal.ts';
import { recordSignatures } from './record-signatures.ts';
import { askForTickets, bodyOf, requestPath } from './tickets.ts';
import { freePorts, lanes, type VictimPlan } from './victim-plan.ts';

const plan = JSON.parse(process.argv[2] as string) as VictimPlan;
const journal = new Journal(plan.journals, plan.name);
const options: ServerOptions = {
  directory: plan.directory,
  passphrase: new TextEncoder().encode(plan.passphrase),
  clock: { now: () => Date.now() },
  faultPoint: dieAt(plan),
  ...freePorts,
};
const config = await loadConfig(plan.directory, options);
const [intermediate] = parsePem(await readFile(config.intermediateCa.certFile, 'latin1'));
if (intermediate === undefined) throw new Error('The PKI of the kill test has no intermediate certificate.');
await recordSignatures(parseCertificate(intermediate.der).subjectPublicKeyInfo.der, journal);
await (plan.kind === 'rooms' ? issueInRooms() : serve());

function dieAt({ label, pass }: VictimPlan): (label: FaultLabel) => void {
  let passes = 0;
  return (reached) => {
    if (reached === label && ++passes === pass) process.kill(process.pid, 'SIGKILL');
  };
}

async function issueInRooms(): Promise<void> {
  const log = createLog('error', undefined);
  const { issuance } = await openParts(options, config, log);
  await askForTickets({
    first: plan.pending,
    newPrefix: plan.name,
    lanes,
    ask: (ticket) => issueTo(issuance, ticket),
  });
}

async function issueTo(issuance: IssuanceDeps, ticket: string): Promise<void> {
  const body = bodyOf(ticket, plan.csrs);
  const requestSha256 = createHash('sha256')
    .update(JSON.stringify(['POST', requestPath, body]))
    .digest('hex');
  journal.write({ kind: 'asked', ticket });
  try {
    const requester = requesterFor(issuance, body.service_name);
    const issued = await requestCertificate(issuance, requester, toOrder(body), { key: ticket, requestSha256 });
    const { certificateId, fingerprintSha256 } = issued.certificate;
    journal.write({
      kind: 'answered',
      ticket,
      certificateId,
      fingerprint: `${fingerprintSha256}`,
      replayed: issued.replayed,
    });
  } catch (error) {
    journal.write({ kind: 'failed', ticket, why: String(error) });
    throw error;
  }
}

/** What the gate makes of a service's certificate. */
function requesterFor({ policy }: IssuanceDeps, serviceId: string): Requester {
  const entry = policy.entryFor(serviceId);
  if (entry === undefined) throw new Error(`${serviceId} is not on the whitelist.`);
  return {
    serviceId,
    entry,
    isAdmin: false,
    certificateId: 'cert_of_the_kill_test',
    fingerprint: '0'.repeat(64),
    clientIp: '127.0.0.1',
    requestId: randomUUID(),
  };
}

async function serve(): Promise<void> {
  const { startServer } = await import('../../apps/server/src/main.ts');
  const { apiUrl } = await startServer({ ...options, logTo: { write: () => undefined } });
  process.send?.(apiUrl);
}
