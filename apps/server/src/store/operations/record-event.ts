import type { AuditEvent } from '../../audit/index.ts';
import type { LedgerTransaction } from '../ledger/transaction.ts';

export interface RecordEventInput {
  readonly audit: AuditEvent;
}

/** Records an event that changes nothing else: a refusal, a download, a start. */
export async function recordEvent(tx: LedgerTransaction, input: RecordEventInput): Promise<void> {
  tx.audit(input.audit);
}
