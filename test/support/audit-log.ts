import type { AuditEntryResource, AuditPage } from '@vcc-pki/api';
import type { RunningPki } from './running-pki.ts';

/** The whole audit log as the API shows it, oldest entry first. */
export async function auditLog(pki: RunningPki, query = ''): Promise<AuditEntryResource[]> {
  const entries: AuditEntryResource[] = [];
  let cursor = '';
  for (;;) {
    const answer = await pki.call('GET', `/api/v1/audit?limit=500${query}${cursor}`);
    if (answer.status !== 200) throw new Error(answer.text);
    const { items, next_cursor } = answer.json() as AuditPage;
    entries.push(...items);
    if (next_cursor === null) return entries.reverse();
    cursor = `&cursor=${next_cursor}`;
  }
}
