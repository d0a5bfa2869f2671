import { encodeExplicit, encodeInteger, encodeNull, encodeOid, encodeSequence, toHex } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import { SignatureAlgorithm } from '../../view/algorithm-identifier.ts';
import type { Signed } from '../../view/signed.ts';

const mgf1 = '1.2.840.113549.1.1.8';

/** The only parameters that are accepted, in hexadecimal; RFC 4055 s2.1 lets NULL stand in a hash identifier or not. */
const accepted: ReadonlySet<string> = new Set(
  [
    { hash: '2.16.840.1.101.3.4.2.1', saltLength: 32 },
    { hash: '2.16.840.1.101.3.4.2.2', saltLength: 48 },
    { hash: '2.16.840.1.101.3.4.2.3', saltLength: 64 },
  ].flatMap(({ hash, saltLength }) => {
    const identifiers = [encodeSequence(encodeOid(hash), encodeNull()), encodeSequence(encodeOid(hash))];
    return identifiers.flatMap((message) => identifiers.map((mask) => toHex(pssParameters(message, mask, saltLength))));
  }),
);

export const rfc4055PssParametersConsistent: Rule<Signed> = {
  id: 'rfc4055_pss_parameters_consistent',
  source: 'RFC 4055 s3.1, CA/B BR 7.1.3.2.1',
  text: 'An RSASSA-PSS signature states its parameters: SHA-256, SHA-384 or SHA-512, MGF1 with the same hash, a salt as long as the hash, the default trailer left out.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check: ({ signatureAlgorithm: { oid, parameters } }) => {
    if (oid !== SignatureAlgorithm.rsaPss) return undefined;
    return parameters && accepted.has(toHex(parameters.der)) ? undefined : 'RSASSA-PSS with missing or odd parameters';
  },
};

function pssParameters(message: Uint8Array, mask: Uint8Array, saltLength: number): Uint8Array {
  return encodeSequence(
    encodeExplicit(0, message),
    encodeExplicit(1, encodeSequence(encodeOid(mgf1), mask)),
    encodeExplicit(2, encodeInteger(saltLength)),
  );
}
