import { PkiError } from '@vcc-pki/api';
import { auditOf } from '../../keks/audit-of.ts';
import { changeKekState, type RevokeKek } from '../../keks/change-state.ts';
import { deliverKek } from '../../keks/deliver.ts';
import type { KekDeps } from '../../keks/deps.ts';
import { findKek, findLine, grantsOf, parseGrants } from '../../keks/grants.ts';
import { listVisibleKeks } from '../../keks/list-keks.ts';
import { makeKek } from '../../keks/make-kek.ts';
import { notGranted, unlistedAdvice } from '../../policy/index.ts';
import type { Requester } from '../../requester.ts';
import { kekByNumber, kekConsumers, kekGrantsOfLine, kekHolders, kekLog } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { answerIfChanged } from '../entity-tag.ts';
import { chainPem } from './certificate-resource.ts';
import { toConsumer, toHolder, toKekResource, toLogEntry } from './kek-resource.ts';

type Ids =
  | 'createKek'
  | 'listKeks'
  | 'getKek'
  | 'rotateKek'
  | 'changeKek'
  | 'openKek'
  | 'listKekGrants'
  | 'setKekGrant'
  | 'removeKekGrant'
  | 'listKekConsumers'
  | 'reportKek'
  | 'getKekLog';

export interface KekRouteDeps {
  readonly keks: KekDeps;
  readonly revokeKek: RevokeKek;
}

const dayMs = 86_400_000;
/** What the schemas of the lists allow. */
const maxItems = 20_000;

/** Key-encryption keys. */
export function kekHandlers({ keks, revokeKek }: KekRouteDeps): Handlers<Ids> {
  const { store, clock, issuer, policy } = keks.issuance;
  const { read, ledger } = store;
  const show = async (requester: Requester, number: number) => {
    const kek = await kekByNumber(read, number);
    if (kek === undefined) throw new PkiError('serverInternal', `the ledger does not have the key ${number}`);
    return toKekResource(kek, await grantsOf(store, requester, kek));
  };
  return {
    createKek: async ({ requester, body }) => {
      const { line, kem = keks.rules.defaultKem } = body;
      const kek = await makeKek(keks, requester, { line, create: { kem }, validityMs: days(body.validity_days) });
      return toKekResource(kek, await grantsOf(store, requester, kek));
    },

    listKeks: async ({ requester, query, request, reply }) => {
      const page = await listVisibleKeks(store, requester, { ...query, limit: query.limit ?? 50 });
      const items = page.items.map(({ kek, grants }) => toKekResource(kek, grants));
      return answerIfChanged({ request, reply }, { items, next_cursor: page.nextCursor });
    },

    getKek: async ({ requester, params }) => {
      const { kek, grants } = await findKek(store, requester, params.id);
      return toKekResource(kek, grants);
    },

    rotateKek: async ({ requester, params, body }) => {
      const line = await findLine(store, params.id);
      const kek = await makeKek(keks, requester, { line: line.name, validityMs: days(body?.validity_days) });
      return toKekResource(kek, await grantsOf(store, requester, kek));
    },

    changeKek: async ({ requester, params, body }) => {
      const { kek } = await findKek(store, requester, params.id);
      const { action, force = false, dry_run: dryRun = false, comment } = body;
      await changeKekState({ ...keks, revokeKek }, requester, { kek, action, force, dryRun, comment });
      return show(requester, kek.number);
    },

    openKek: async ({ requester, params, body, reply }) => {
      const { request, accept_compromised: acceptCompromised = false } = body;
      // RFC 9111 s5.2.2.5: sealed or not, it is for nobody else.
      reply.header('cache-control', 'no-store');
      const sealed = await deliverKek(keks, requester, { id: params.id, request, acceptCompromised });
      return { ...sealed, chain_pem: chainPem(issuer) };
    },

    listKekGrants: async ({ params }) => {
      const line = await findLine(store, params.id);
      const granted = await kekGrantsOfLine.all(read, { lineId: line.lineId, limit: maxItems });
      const api = granted.map(({ serviceId, grants }) => ({
        service_id: serviceId,
        grants: parseGrants(grants),
        source: 'api' as const,
      }));
      const whitelist = policy.kekGrants(line.name).map(({ serviceId, grants }) => ({
        service_id: serviceId,
        grants: [...grants],
        source: 'whitelist' as const,
      }));
      const items = [...api, ...whitelist].sort((a, b) => a.service_id.localeCompare(b.service_id, 'en'));
      return { line: line.name, items: items.slice(0, maxItems) };
    },

    setKekGrant: async ({ requester, params, body }) => {
      const line = await findLine(store, params.id);
      const { service_id: serviceId } = params;
      if (policy.entryFor(serviceId) === undefined) {
        throw new PkiError('notFound', `the service "${serviceId}" is not on the whitelist`, {
          field: 'service_id',
          advice: unlistedAdvice,
        });
      }
      const now = clock.now();
      const grants = parseGrants(body.grants.join(','));
      const details = { line: line.name, service_id: serviceId, grants };
      const audit = { ...auditOf(requester, 'kek-grant', now), details };
      await ledger.submit('setKekGrant', { lineId: line.lineId, serviceId, grants, now, audit });
      return { service_id: serviceId, grants, source: 'api' as const };
    },

    removeKekGrant: async ({ requester, params }) => {
      const line = await findLine(store, params.id);
      const { service_id: serviceId } = params;
      const now = clock.now();
      const audit = {
        ...auditOf(requester, 'kek-revoke-grant', now),
        details: { line: line.name, service_id: serviceId },
      };
      const before = await ledger.submit('setKekGrant', { lineId: line.lineId, serviceId, grants: [], now, audit });
      return { service_id: serviceId, grants: parseGrants(before ?? ''), source: 'api' as const };
    },

    listKekConsumers: async ({ params }) => {
      const line = await findLine(store, params.id);
      const filter = { lineId: line.lineId, limit: maxItems };
      const at = { now: clock.now(), liveMs: keks.rules.consumerLiveMs };
      const consumers = await kekConsumers.all(read, filter);
      const holders = await kekHolders.all(read, filter);
      return {
        line: line.name,
        epoch: line.epoch,
        consumers: consumers.map((row) => toConsumer(row, at)),
        holders: holders.map(toHolder),
      };
    },

    reportKek: async ({ requester, params, body }) => {
      const line = await findLine(store, params.id);
      await checkGranted(requester, { lineId: line.lineId, line: line.name });
      const now = clock.now();
      const { instance, epoch, scan } = body;
      const details = { line: line.name, instance, epoch, ...(scan && { scan: scan.records }) };
      const { epoch: current } = await ledger.submit('reportKekConsumer', {
        ...{ lineId: line.lineId, serviceId: requester.serviceId, instance, epoch, now },
        pollIntervalMs: body.poll_interval_seconds === undefined ? undefined : body.poll_interval_seconds * 1000,
        scan: scan?.records,
        audit: { ...auditOf(requester, 'kek-report', now), details },
      });
      return { line: line.name, epoch: current };
    },

    getKekLog: async ({ requester, params }) => {
      const line = await findLine(store, params.id);
      if (!requester.isAdmin) await checkGranted(requester, { lineId: line.lineId, line: line.name });
      const rows = await kekLog.all(read, { lineId: line.lineId, limit: 1000 });
      return { line: line.name, epoch: line.epoch, items: rows.map(toLogEntry) };
    },
  };

  async function checkGranted(requester: Requester, line: { lineId: number; line: string }): Promise<void> {
    if ((await grantsOf(store, requester, line)).length > 0) return;
    throw notGranted(`"${requester.serviceId}" has no grant on the line ${line.line}`);
  }
}

function days(count: number | undefined): number | undefined {
  return count === undefined ? undefined : count * dayMs;
}
