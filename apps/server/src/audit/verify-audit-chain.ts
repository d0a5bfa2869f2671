import { type AuditHead, chainHash, genesisHead } from './audit-chain.ts';
import type { AuditRow } from './audit-event.ts';

/**
 * What is wrong at a place of the chain: a record was altered (`changed`), is not there (`missing`), stands where
 * another belongs (`reordered`), names another predecessor (`unlinked`), or the chain ends elsewhere than its head
 * says (`truncated`).
 */
export type AuditChainFault = 'changed' | 'missing' | 'reordered' | 'unlinked' | 'truncated';

/** The verdict on a chain. `entries` counts the records found good before the first fault. */
export type AuditChainVerdict =
  | { readonly ok: true; readonly entries: number }
  | {
      readonly ok: false;
      readonly entries: number;
      readonly firstBroken: { readonly sequence: number; readonly fault: AuditChainFault };
    };

/**
 * Verifies a chain from its first record to its head.
 *
 * Take the head first, then the rows in ascending order up to its sequence: a ledger that is being written to can
 * be verified too. It proves that the rows are those the head was made from; whoever can rewrite rows AND head
 * can forge a whole chain, so keep a head elsewhere from time to time.
 */
export async function verifyAuditChain(
  rows: AsyncIterable<AuditRow> | Iterable<AuditRow>,
  head: AuditHead,
): Promise<AuditChainVerdict> {
  let last: AuditHead = genesisHead;
  for await (const row of rows) {
    const fault = faultBetween(last, row);
    if (fault !== undefined) return broken(last, fault);
    last = row;
  }
  if (last.sequence !== head.sequence || last.hash !== head.hash) return broken(last, 'truncated');
  return { ok: true, entries: last.sequence };
}

function faultBetween(last: AuditHead, row: AuditRow): AuditChainFault | undefined {
  if (row.sequence > last.sequence + 1) return 'missing';
  if (row.sequence <= last.sequence) return 'reordered';
  if (row.hash !== chainHash(row.previousHash, row.sequence, row)) return 'changed';
  if (row.previousHash !== last.hash) return 'unlinked';
  return undefined;
}

function broken(last: AuditHead, fault: AuditChainFault): AuditChainVerdict {
  return { ok: false, entries: last.sequence, firstBroken: { sequence: last.sequence + 1, fault } };
}
