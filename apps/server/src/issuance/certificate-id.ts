import { toHex } from '@vcc-pki/asn1';
import { publicRandomOctets } from './random-octets.ts';

/**
 * A new id in the mission's form, `cert_veritas_backend_20251013_<20 hex digits>`: readable, sorted by day in a listing,
 * unique by its 80 random bits.
 */
export function newCertificateId(serviceId: string, nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '');
  return `cert_${serviceId.replaceAll('-', '_')}_${day}_${toHex(publicRandomOctets(10))}`;
}
