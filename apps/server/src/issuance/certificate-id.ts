import { toHex } from '@vcc-pki/asn1';
import { publicRandomOctets } from './random-octets.ts';

/** Milliseconds of a day fit into so many hex digits. */
const timeDigits = 7;
const randomDigits = 13;
const dayMs = 86_400_000;

/**
 * A new id in the mission's form, `cert_veritas_backend_20251013_<20 hex digits>`: readable, and in the order of issue
 * within its service, so that the newest stand side by side in the ledger's indexes. Unique by the millisecond and 52
 * random bits; the ledger refuses an id that exists.
 */
export function newCertificateId(serviceId: string, nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '');
  const time = (nowMs % dayMs).toString(16).padStart(timeDigits, '0');
  const random = toHex(publicRandomOctets(7)).slice(0, randomDigits);
  return `cert_${serviceId.replaceAll('-', '_')}_${day}_${time}${random}`;
}
