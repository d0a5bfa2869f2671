import type { KekState } from '@vcc-pki/api';
import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../../audit/index.ts';
import { type KekRecord, kekId } from '../../kek-record.ts';
import type { LedgerTransaction } from '../../ledger/transaction.ts';
import { prepared } from '../../prepared-query.ts';
import { kekByNumber, kekConsumers, kekHolders, primaryKek } from '../../queries/keks.ts';
import { changeStates, type StateChange } from './line-change.ts';
import { emitRotated } from './record-kek.ts';

export interface ChangeKekInput {
  readonly number: number;
  readonly action: 'promote' | 'enable' | 'disable' | 'destroy';
  /** Do it against what speaks against it; audited with what that was. */
  readonly force: boolean;
  /** Consumers that were seen within this time, or twice their poll interval, are waited for. */
  readonly liveMs: number;
  /** How long a version stays DISABLED before it may be destroyed. */
  readonly soakMs: number;
  /** Nothing is changed; what would be refused is. */
  readonly dryRun: boolean;
  readonly now: number;
  readonly audit: AuditEvent;
}

export interface ChangeKekOutput {
  readonly epoch: number;
}

/** From which states an action leads where. */
const actions: Readonly<Record<ChangeKekInput['action'], { from: readonly KekState[]; to: KekState }>> = {
  promote: { from: ['PENDING', 'ENABLED'], to: 'PRIMARY' },
  enable: { from: ['DISABLED'], to: 'ENABLED' },
  disable: { from: ['PENDING', 'ENABLED'], to: 'DISABLED' },
  destroy: { from: ['DISABLED'], to: 'DESTROYED' },
};

/** As many as a refusal names. */
const namedMost = 20;

/**
 * Carries a version from one state into another.
 *
 * @throws PkiError `notFound`; `conflict` from a state in which the action is not possible; `kekRevoked`,
 *   `kekNotAcknowledged`, `kekInUse`.
 */
export async function changeKek(tx: LedgerTransaction, input: ChangeKekInput): Promise<ChangeKekOutput> {
  const kek = await kekByNumber(tx.db, input.number);
  if (kek === undefined) throw new PkiError('notFound', `There is no ${kekId(input.number)}.`);
  const { from, to } = actions[input.action];
  if (!from.includes(kek.state)) {
    throw new PkiError('conflict', `${kekId(kek.number)} is ${kek.state}; ${input.action} wants ${from.join(' or ')}.`);
  }
  const objection = await objectionTo(tx, kek, input);
  if (objection !== undefined && !input.force) throw objection;
  if (input.dryRun) return { epoch: kek.epoch };
  const primary = to === 'PRIMARY' ? await primaryKek(tx.db, kek.lineId) : undefined;
  // The old one goes first: at no moment are there two.
  const changes: StateChange[] = [
    ...(primary === undefined ? [] : [{ kek: primary, to: 'ENABLED' as const }]),
    { kek, to },
  ];
  const forced = objection !== undefined;
  const epoch = await changeStates(tx, changes, { cause: input.action, forced, now: input.now });
  if (to === 'DESTROYED') await eraseSeed.run(tx.db, kek);
  if (to === 'PRIMARY') emitRotated(tx, { ...kek, previous: primary?.number, now: input.now });
  tx.audit({
    ...input.audit,
    details: {
      ...input.audit.details,
      ...{ kek_id: kekId(kek.number), line: kek.line, from: kek.state, to, epoch, forced },
      ...(objection !== undefined && { overridden: objection.code }),
    },
  });
  return { epoch };
}

/** What speaks against it, and may be overridden; what may not is thrown. */
async function objectionTo(
  tx: LedgerTransaction,
  kek: KekRecord,
  input: ChangeKekInput,
): Promise<PkiError | undefined> {
  switch (input.action) {
    case 'promote':
      checkWritable(kek, input.now);
      return notAcknowledged(tx, kek, input);
    case 'disable':
      return kek.state === 'PENDING' ? undefined : stillInUse(tx, kek);
    case 'destroy':
      return tooEarly(kek, input);
    default:
      return undefined;
  }
}

/** A key that must not be written under is never PRIMARY, whoever wants it. */
function checkWritable(kek: KekRecord, now: number): void {
  if (kek.revoked === 1 || kek.compromised === 1) {
    throw new PkiError('kekRevoked', `${kekId(kek.number)} is revoked; nothing is encrypted under it any more.`);
  }
  if (kek.notBeforeWrite <= now && now <= kek.notAfterWrite) return;
  throw new PkiError(
    'conflict',
    `${kekId(kek.number)} is for writing until ${new Date(kek.notAfterWrite).toISOString()}.`,
  );
}

async function notAcknowledged(
  tx: LedgerTransaction,
  kek: KekRecord,
  { now, liveMs }: ChangeKekInput,
): Promise<PkiError | undefined> {
  const consumers = await kekConsumers.all(tx.db, { lineId: kek.lineId, limit: maxRows });
  const missing = consumers.filter(
    (one) =>
      one.acknowledgedEpoch < kek.publishedEpoch && now - one.lastSeen <= Math.max(liveMs, 2 * one.pollIntervalMs),
  );
  if (missing.length === 0) return undefined;
  return new PkiError('kekNotAcknowledged', `${missing.length} live consumers do not have ${kekId(kek.number)} yet.`, {
    consumers: missing.slice(0, namedMost).map(({ serviceId, instance }) => `${serviceId}/${instance}`),
  });
}

async function stillInUse(tx: LedgerTransaction, kek: KekRecord): Promise<PkiError | undefined> {
  const holders = await kekHolders.all(tx.db, { lineId: kek.lineId, limit: maxRows });
  const users = holders.filter(
    ({ version, couldWrite, records, cleanScans }) =>
      version === kek.version && ((couldWrite === 1 && cleanScans < 2) || (records ?? 0) > 0),
  );
  if (users.length === 0) return undefined;
  return new PkiError(
    'kekInUse',
    `${users.length} services have records under ${kekId(kek.number)}, or have not scanned twice without finding any.`,
    { services: users.slice(0, namedMost).map(({ serviceId, records }) => ({ service_id: serviceId, records })) },
  );
}

function tooEarly(kek: KekRecord, { now, soakMs }: ChangeKekInput): PkiError | undefined {
  const from = kek.stateChangedAt + soakMs;
  if (now >= from) return undefined;
  return new PkiError('kekInUse', `${kekId(kek.number)} may be destroyed from ${new Date(from).toISOString()} on.`, {
    destroyFrom: new Date(from).toISOString(),
  });
}

/** Consumers of a line are bounded, see report-kek-consumer.ts. */
const maxRows = 20_000;

const eraseSeed = prepared((db, p: { number: number }) =>
  db.updateTable('kek_versions').set({ sealed_seed: null }).where('number', '=', p.number),
);
