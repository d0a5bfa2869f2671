import { type Der, DerError, encodeOctetString, type Oid } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** OIDs of extensions in OCSP requests and responses (RFC 6960 s4.4). */
export const ocspExtensionId = {
  nonce: '1.3.6.1.5.5.7.48.1.2',
  archiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  preferredSignatureAlgorithms: '1.3.6.1.5.5.7.48.1.8',
  extendedRevoke: '1.3.6.1.5.5.7.48.1.9',
} as const satisfies Record<string, Oid>;

/** RFC 9654 s2.1 */
const maxNonceOctets = 128;

/** The value of a nonce extension: 1 to 128 octets (RFC 9654 s2.1). @throws {@link DerError} */
export function parseOcspNonce(value: Uint8Array): Uint8Array {
  const nonce = readWhole(value, (reader) => reader.readOctetString());
  if (nonce.length < 1 || nonce.length > maxNonceOctets) {
    throw new DerError('outOfRange', 'a nonce has 1 to 128 octets (RFC 9654 s2.1)', 0);
  }
  return nonce;
}

/** Encodes the value of a nonce extension. @throws RangeError unless it has 1 to 128 octets. */
export function encodeOcspNonce(nonce: Uint8Array): Der {
  if (nonce.length < 1 || nonce.length > maxNonceOctets) throw new RangeError('a nonce has 1 to 128 octets');
  return encodeOctetString(nonce);
}
