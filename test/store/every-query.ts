import {
  activeCertificatesBehind,
  activeWebhooks,
  auditChain,
  auditHead,
  auditPage,
  blockedKeys,
  type CertificateFilter,
  certificateByFingerprint,
  certificateById,
  certificateBySerial,
  certificateCounts,
  certificatesById,
  certificatesBySerial,
  changesSince,
  crlDer,
  currentCertificateOfService,
  deltaBase,
  discoverById,
  discoverServices,
  dueDeliveries,
  dueRotations,
  enrolmentTokenById,
  entriesSince,
  findUnsettledIntents,
  healthChanges,
  healthTargets,
  idempotentRequest,
  issuerById,
  kekByCertificate,
  kekByNumber,
  kekConsumers,
  kekGrant,
  kekGrantsOfLine,
  kekGrantsOfService,
  kekGroup,
  kekGroupMember,
  kekGroupMembers,
  kekHolders,
  kekLineByName,
  kekLog,
  listCertificates,
  listDeliveries,
  listEnrolmentTokens,
  listIssuers,
  listKekGroups,
  listKeks,
  listRenewals,
  listServices,
  newestChange,
  newestCrl,
  newestKekRoot,
  newestRevision,
  oldestChange,
  outboxDepth,
  primaryKek,
  publicationsSince,
  renewalCounts,
  revocationsSince,
  rotationRules,
  type Store,
  sealedSeed,
  servedOfService,
  serviceById,
  serviceCounts,
  shardEntries,
  shardEntriesSince,
  snapshotRows,
  snapshotRowsSince,
  unprovenOfService,
  webhookById,
} from '../../apps/server/src/store/index.ts';
import { dayMs, issuerId, t0 } from './ledger-inputs.ts';

/** Asks every query there is, with every combination of its filters. */
export async function askEverything(store: Store, certificateId: string): Promise<void> {
  const db = store.read;
  await certificateByFingerprint(db, 'x');
  await certificateById(db, certificateId);
  await certificatesById(db, [certificateId, 'x']);
  await certificateBySerial(db, { issuerId, serialNumber: '01' });
  await certificatesBySerial(db, '01');
  await currentCertificateOfService(db, { serviceId: 'veritas-backend', now: t0 });
  await idempotentRequest(db, { serviceId: 'veritas-backend', key: 'k', now: t0 });
  await findUnsettledIntents(db, { limit: 10, instance: 'server-1', olderThan: t0 });
  await newestCrl(db, { issuerId });
  await askCrls(store);
  await blockedKeys(db, ['00', '01']);
  await issuerById(db, issuerId);
  await listIssuers(db);
  await newestChange(db);
  await oldestChange(db);
  await changesSince(db, { id: 1, limit: 10 });
  await certificateCounts(db);
  await askLists(store);
  await askAudit(store);
  await askServices(store);
  await askWebhooks(store);
  await askRotation(store);
  await askTokens(store);
  await askKeks(store);
}

async function askCrls({ read }: Store): Promise<void> {
  await crlDer(read, { issuerId, scope: 'full', number: 1 });
  await publicationsSince(read, { sequence: 1, limit: 10 });
  await deltaBase(read, { issuerId, now: t0 });
  await newestRevision(read, issuerId);
  await revocationsSince(read, { issuerId, revision: 1, limit: 10 });
  await entriesSince(read, { issuerId, revision: 1, limit: 10 });
  await snapshotRowsSince(read, { issuerId, revision: 1, limit: 10 });
  await Array.fromAsync(snapshotRows(read, { issuerId, shard: 1, listedFrom: t0, pageSize: 10 }));
  await shardEntriesSince(read, { issuerId, shard: 1, revision: 1, limit: 10 });
  await Array.fromAsync(shardEntries(read, { issuerId, shard: 1, listedFrom: t0, revision: 9, pageSize: 10 }));
}

async function askLists({ read }: Store): Promise<void> {
  const page = { limit: 1, now: t0 };
  const filters: Partial<CertificateFilter>[] = [{}];
  for (const filter of [{ service: 's' }, { issuer: issuerId }, { name: 'n' }, { expiringBefore: t0 + dayMs }]) {
    filters.push(...filters.map((other) => ({ ...other, ...filter })));
  }
  for (const filter of filters) {
    const order = filter.expiringBefore === undefined ? 'newest' : 'soonest';
    const cursor = Buffer.from(`${order}:${t0}:cert_x`).toString('base64url');
    for (const status of [undefined, 'active', 'expired', 'revoked', 'intent', 'abandoned'] as const) {
      await listCertificates(read, { ...page, ...filter, status });
      await listCertificates(read, { ...page, ...filter, status, cursor });
    }
  }
}

async function askTokens({ read }: Store): Promise<void> {
  await enrolmentTokenById(read, 'tok_x');
  const cursor = Buffer.from(`${t0}:tok_${'0'.repeat(32)}`).toString('base64url');
  for (const page of [{ limit: 1 }, { limit: 1, cursor }]) {
    await listEnrolmentTokens(read, page);
    await listEnrolmentTokens(read, { ...page, service: 's' });
  }
}

async function askAudit({ read }: Store): Promise<void> {
  const page = { limit: 1, cursor: '1000' };
  await auditPage(read, page);
  await auditPage(read, { ...page, action: 'revoke' });
  await auditPage(read, { ...page, service: 's' });
  await auditPage(read, { ...page, certificateId: 'cert_x' });
  await auditPage(read, { ...page, since: t0, until: t0 + dayMs });
  await auditPage(read, { ...page, since: t0, action: 'revoke', service: 's' });
  await Array.fromAsync(auditChain(read, await auditHead(read)));
}

async function askWebhooks({ read }: Store): Promise<void> {
  await dueDeliveries.all(read, { webhookId: 'wh_1', now: t0, limit: 10 });
  await activeWebhooks(read);
  await webhookById(read, 'wh_1');
  await outboxDepth(read, 'wh_1');
  for (const status of ['pending', 'delivered', 'dead'] as const) {
    await listDeliveries.all(read, { webhookId: 'wh_1', status, before: 9, limit: 10 });
  }
}

async function askRotation({ read }: Store): Promise<void> {
  await activeCertificatesBehind.all(read, { createdAt: t0, certificateId: 'cert_x', limit: 10 });
  await dueRotations.all(read, { now: t0, limit: 10 });
  await renewalCounts(read, t0);
  await rotationRules(read);
  await servedOfService(read, 'veritas-backend');
  await servedOfService(read, 'unknown');
  await unprovenOfService(read, 'veritas-backend');
  for (const list of ['due', 'overdue', 'unproven', 'renewed', 'failed', 'archived'] as const) {
    for (const service of [undefined, 'veritas-backend']) {
      for (const after of [undefined, { windowStart: t0, certificateId: 'cert_x' }]) {
        await listRenewals(read, { list, service, after, limit: 10, now: t0 });
      }
    }
  }
}

async function askServices({ read }: Store): Promise<void> {
  const cursor = Buffer.from('service:a').toString('base64url');
  for (const type of [undefined, 'backend']) {
    for (const status of [undefined, 'down'] as const) {
      for (const from of [undefined, cursor]) {
        await listServices(read, { type, status, cursor: from, limit: 10 });
        await discoverServices(read, { type, status, cursor: from, limit: 10 });
      }
    }
  }
  await serviceById(read, 'veritas-backend');
  await discoverById(read, 'veritas-backend');
  await healthTargets(read, { after: 'a', limit: 10 });
  await healthChanges(read, 'veritas-backend');
  await serviceCounts(read);
}

async function askKeks({ read }: Store): Promise<void> {
  const line = { lineId: 1, limit: 10 };
  await kekLineByName.first(read, { name: 'themis-main' });
  await kekByNumber(read, 1);
  await kekByCertificate(read, 'cert_x');
  await primaryKek(read, 1);
  await listKeks(read, { before: 10, limit: 10 });
  await listKeks(read, { before: 10, ...line });
  await sealedSeed.first(read, { number: 1 });
  await newestKekRoot.first(read, {});
  await kekGrantsOfService.all(read, { serviceId: 's' });
  await kekGrant.first(read, { serviceId: 's', lineId: 1 });
  await kekGrantsOfLine.all(read, line);
  await kekConsumers.all(read, line);
  await kekHolders.all(read, line);
  await kekLog.all(read, line);
  const group = { lineId: 1, tenant: 'acme', name: 'doctors' };
  await kekGroup.first(read, group);
  await kekGroupMembers.all(read, { ...group, limit: 10 });
  await kekGroupMember.first(read, { ...group, serviceId: 's' });
  for (const serviceId of [undefined, 's']) {
    for (const tenant of [undefined, 'acme']) {
      for (const after of [undefined, group]) await listKekGroups(read, { ...line, serviceId, tenant, after });
    }
  }
}
