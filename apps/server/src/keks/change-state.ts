import type { KekAction } from '@vcc-pki/api';
import type { Requester } from '../requester.ts';
import { type KekRecord, listKeks } from '../store/index.ts';
import { auditOf } from './audit-of.ts';
import type { KekDeps } from './deps.ts';
import { makeKek } from './make-kek.ts';

/** What an administrator wants done with a version. */
export interface KekChange {
  readonly kek: KekRecord;
  readonly action: KekAction;
  readonly force: boolean;
  /** Change nothing; what would be refused is. */
  readonly dryRun: boolean;
  readonly comment?: string | undefined;
}

/** Revokes the certificate of a version with keyCompromise; `revokeCertificate`, handed in. */
export type RevokeKek = (requester: Requester, kek: KekRecord, comment: string | undefined) => Promise<void>;

/**
 * Carries a version from one state into another. `compromise` is three steps, each durable: a new version, where none is
 * PENDING, its promotion without waiting for anybody, and the revocation; whoever repeats it after a crash goes on where it stopped.
 * @throws `PkiError` as `changeKek` of the ledger and `revokeCertificate` do.
 */
export async function changeKekState(
  deps: KekDeps & { readonly revokeKek: RevokeKek },
  requester: Requester,
  change: KekChange,
): Promise<void> {
  const { kek, action, force, dryRun, comment } = change;
  if (action !== 'compromise') return submit(deps, requester, { number: kek.number, action, force, dryRun, comment });
  if (dryRun) return;
  if (kek.state === 'PRIMARY') {
    const successor = (await pendingOf(deps, kek)) ?? (await makeKek(deps, requester, { line: kek.line }));
    await submit(deps, requester, { number: successor.number, action: 'promote', force: true, dryRun: false, comment });
  }
  await deps.revokeKek(requester, kek, comment);
}

/** There is one at most, and it is among the newest. */
async function pendingOf({ issuance }: KekDeps, { lineId }: KekRecord): Promise<KekRecord | undefined> {
  const newest = await listKeks(issuance.store.read, { lineId, before: Number.MAX_SAFE_INTEGER, limit: 10 });
  return newest.find(({ state }) => state === 'PENDING');
}

async function submit(
  { issuance, rules }: KekDeps,
  requester: Requester,
  change: Omit<KekChange, 'kek' | 'action'> & { number: number; action: Exclude<KekAction, 'compromise'> },
): Promise<void> {
  const now = issuance.clock.now();
  const { number, action, force, dryRun, comment } = change;
  await issuance.store.ledger.submit('changeKek', {
    ...{ number, action, force, dryRun, now },
    liveMs: rules.consumerLiveMs,
    soakMs: rules.soakMs,
    audit: {
      ...auditOf(requester, `kek-${action}`, now),
      details: comment === undefined ? {} : { comment },
    },
  });
}
