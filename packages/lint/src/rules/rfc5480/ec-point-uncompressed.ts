import type { Rule } from '../../rule.ts';
import { coordinateOctets, type Keyed } from '../../view/public-key.ts';

export const rfc5480EcPointUncompressed: Rule<Keyed> = {
  id: 'rfc5480_ec_point_uncompressed',
  source: 'RFC 5480 s2.2',
  text: 'An EC public key on P-256, P-384 or P-521 is an uncompressed point: 04, then both coordinates in full length.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey }) => {
    const octets = coordinateOctets.get(publicKey.curve ?? '');
    if (octets === undefined) return undefined;
    return publicKey.bits[0] === 4 && publicKey.bits.length === 1 + 2 * octets
      ? undefined
      : 'the EC point is not uncompressed, or not of its curve';
  },
};
