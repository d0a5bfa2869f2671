import { PkiError } from '@vcc-pki/api/without-schemas';
import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';
import { prepared } from '../prepared-query.ts';
import type { PublishedCrl } from '../published-crl.ts';
import { newestOfScope, oldestInUse } from '../queries/crls.ts';
import { dropLease } from './release-crl-lease.ts';
import { storeCrlPart } from './store-crl-part.ts';
import { leaseNameOf, newestNumber } from './take-crl-lease.ts';

export interface PublishCrlInput extends Omit<PublishedCrl, 'sequence' | 'publishedAt'> {
  /** Number of the last part; those before it are stored already. */
  readonly part: number;
  /** The last part. */
  readonly der: Uint8Array;
  /** Who holds the lease, which ends here; null for a CRL that no server publishes (the root's). */
  readonly owner: string | null;
  readonly now: number;
  /** Of how many of the newest CRLs of the scope the DER stays, this one among them. */
  readonly keep: number;
  readonly audit: AuditEvent;
}

/**
 * Makes a CRL the newest of its issuer and scope. Of older full CRLs the row stays until their nextUpdate: they may be
 * the base of a delta CRL.
 *
 * @throws PkiError `conflict` when the lease is another's by now, or with `newest` unless the number is greater than
 *   all before it (RFC 5280 s5.2.3).
 */
export async function publishCrl(tx: LedgerTransaction, input: PublishCrlInput): Promise<PublishedCrl> {
  await endLease(tx, input);
  const newest = await newestNumber(tx, input);
  if (newest >= input.number) {
    throw new PkiError('conflict', `CRL ${input.number} would follow ${newest}.`, { newest });
  }
  await dropPartsBehind.run(tx.db, input);
  const before = await newestOfScope.first(tx.db, input);
  const last = await lastPublication.first(tx.db, {});
  const crl: PublishedCrl = {
    ...pick(input),
    sequence: (last?.sequence ?? 0) + 1,
    publishedAt: Math.max(wholeSeconds(input.now), (before?.publishedAt ?? 0) + 1000),
  };
  await insertCrl.run(tx.db, crl);
  await storeCrlPart(tx, input);
  await dropOutdatedRows(tx, input);
  tx.audit(input.audit);
  return crl;
}

async function endLease(tx: LedgerTransaction, { issuerId, scope, owner }: PublishCrlInput): Promise<void> {
  if (owner === null) return;
  if ((await dropLease.run(tx.db, { issuerId, scope: leaseNameOf(scope), owner })) === 0) {
    throw new PkiError('conflict', `The lease of CRL ${scope} has run out, and another server has taken it.`);
  }
}

async function dropOutdatedRows(tx: LedgerTransaction, input: PublishCrlInput): Promise<void> {
  const outdated = await firstOutdated.first(tx.db, input);
  if (outdated === undefined) return;
  const inUse = input.scope === 'full' ? await oldestInUse.first(tx.db, input) : undefined;
  await dropRows.run(tx.db, {
    ...input,
    number: Math.min(outdated.number, (inUse?.number ?? Number.POSITIVE_INFINITY) - 1),
  });
}

function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

function pick(input: PublishCrlInput): Omit<PublishedCrl, 'sequence' | 'publishedAt'> {
  const { issuerId, scope, number, thisUpdate, nextUpdate, sha256, revision, entries, readAt, baseNumber } = input;
  return { issuerId, scope, number, thisUpdate, nextUpdate, sha256, revision, entries, readAt, baseNumber };
}

const lastPublication = prepared((db, _: object) =>
  db.selectFrom('published_crls').select('sequence').where('sequence', '>', 0).orderBy('sequence', 'desc').limit(1),
);

const insertCrl = prepared((db, p: PublishedCrl) =>
  db.insertInto('published_crls').values({
    issuer_id: p.issuerId,
    scope: p.scope,
    number: p.number,
    this_update: p.thisUpdate,
    next_update: p.nextUpdate,
    sha256: p.sha256,
    revision: p.revision,
    entries: p.entries,
    read_at: p.readAt,
    base_number: p.baseNumber,
    sequence: p.sequence,
    published_at: p.publishedAt,
  }),
);

const firstOutdated = prepared((db, p: PublishCrlInput) =>
  db
    .selectFrom('published_crls')
    .select('number')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .orderBy('number', 'desc')
    .limit(1)
    .offset(p.keep),
);

/** What a failed attempt under this number has left, if it was larger. */
const dropPartsBehind = prepared((db, p: PublishCrlInput) =>
  db
    .deleteFrom('published_crl_parts')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .where('number', '=', p.number)
    .where('part', '>', p.part),
);

const dropRows = prepared((db, p: PublishCrlInput) =>
  db
    .deleteFrom('published_crls')
    .where('issuer_id', '=', p.issuerId)
    .where('scope', '=', p.scope)
    .where('number', '<=', p.number),
);
