import { abandonIntent } from './abandon-intent.ts';
import { advanceRotation } from './advance-rotation.ts';
import { createToken } from './create-token.ts';
import { createWebhook } from './create-webhook.ts';
import { deleteWebhook } from './delete-webhook.ts';
import { expireDue } from './expire-due.ts';
import { forgetDeliveries } from './forget-deliveries.ts';
import { forgetTokens } from './forget-tokens.ts';
import { addKekGroupMember } from './kek/add-kek-group-member.ts';
import { beginKekGroupEpoch } from './kek/begin-kek-group-epoch.ts';
import { changeKek } from './kek/change-kek.ts';
import { createKekGroup } from './kek/create-kek-group.ts';
import { recordKek } from './kek/record-kek.ts';
import { recordKekDelivery } from './kek/record-kek-delivery.ts';
import { recordKekGroupDelivery } from './kek/record-kek-group-delivery.ts';
import { reportKekConsumer } from './kek/report-kek-consumer.ts';
import { reserveKekVersion } from './kek/reserve-kek-version.ts';
import { setKekGrant } from './kek/set-kek-grant.ts';
import { publishCrl } from './publish-crl.ts';
import { recordCertificate } from './record-certificate.ts';
import { recordEvent } from './record-event.ts';
import { recordHealth } from './record-health.ts';
import { recordIntent } from './record-intent.ts';
import { recordIssuer } from './record-issuer.ts';
import { recordRevocation } from './record-revocation.ts';
import { recordSeen } from './record-seen.ts';
import { recordServed } from './record-served.ts';
import { registerService } from './register-service.ts';
import { releaseCrlLease } from './release-crl-lease.ts';
import { releaseLease } from './release-lease.ts';
import { replayDeliveries } from './replay-deliveries.ts';
import { rescheduleRotation } from './reschedule-rotation.ts';
import { retireService } from './retire-service.ts';
import { revokeToken } from './revoke-token.ts';
import { settleCrlShards } from './settle-crl-shards.ts';
import { settleDeliveries } from './settle-deliveries.ts';
import { storeCrlPart } from './store-crl-part.ts';
import { takeCrlLease } from './take-crl-lease.ts';
import { takeLease } from './take-lease.ts';
import { tellOnce } from './tell-once.ts';
import { testWebhook } from './test-webhook.ts';
import { updateService } from './update-service.ts';

/** Every write there is, by the name under which the ledger takes it. */
export const operations = {
  recordIntent,
  recordCertificate,
  abandonIntent,
  recordRevocation,
  recordEvent,
  expireDue,
  takeCrlLease,
  storeCrlPart,
  publishCrl,
  releaseCrlLease,
  settleCrlShards,
  recordIssuer,
  createToken,
  revokeToken,
  forgetTokens,
  takeLease,
  releaseLease,
  advanceRotation,
  rescheduleRotation,
  recordServed,
  tellOnce,
  registerService,
  updateService,
  retireService,
  recordHealth,
  recordSeen,
  createWebhook,
  deleteWebhook,
  testWebhook,
  settleDeliveries,
  replayDeliveries,
  forgetDeliveries,
  reserveKekVersion,
  recordKek,
  changeKek,
  recordKekDelivery,
  reportKekConsumer,
  setKekGrant,
  createKekGroup,
  addKekGroupMember,
  beginKekGroupEpoch,
  recordKekGroupDelivery,
};

type Operations = typeof operations;

export type OperationName = keyof Operations;
export type OperationInput<K extends OperationName> = Parameters<Operations[K]>[1];
export type OperationOutput<K extends OperationName> = Awaited<ReturnType<Operations[K]>>;
