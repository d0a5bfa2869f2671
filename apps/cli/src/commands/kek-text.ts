import type { KekResource } from '@vcc-pki/api';
import { factsText, tableText } from '../output.ts';
import { timeText } from '../time-text.ts';

/** A version for people. */
export function kekText(kek: KekResource, now: number): string {
  return factsText([
    ['id', kek.id],
    ['line', `${kek.line} (${kek.line_id})`],
    ['version', String(kek.version)],
    ['kem', kek.kem],
    ['state', stateText(kek)],
    ['epoch', String(kek.epoch)],
    ['for writing until', timeText(kek.not_after_write, now)],
    ['in this state since', timeText(kek.state_changed_at, now)],
    ['certificate id', kek.certificate_id],
    ['serial number', kek.serial_number],
  ]);
}

/** Versions under each other. */
export function keksTable(keks: readonly KekResource[]): string {
  return tableText(
    ['id', 'line', 'version', 'state', 'kem', 'for writing until'],
    keks.map((kek) => [kek.id, kek.line, String(kek.version), stateText(kek), kek.kem, kek.not_after_write]),
    'no keys',
  );
}

function stateText(kek: KekResource): string {
  return [kek.state, ...(kek.compromised ? ['compromised'] : []), ...(kek.revoked ? ['revoked'] : [])].join(', ');
}
