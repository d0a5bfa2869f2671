import { DerError, encodeBitString, encodeOid, encodeSequence, type Oid } from '@vcc-pki/asn1';
import { parseSubjectPublicKeyInfo } from '@vcc-pki/x509';
import { KekError } from './kek-error.ts';
import { type KekKem, kekKems, kemFacts } from './kem.ts';

/** RFC 8410 s3, RFC 5480 s2.1.1, draft-connolly-cfrg-xwing-kem s6.5 (parameters absent). */
const algorithms: Readonly<Record<KekKem, readonly [Oid, ...Oid[]]>> = {
  X25519: ['1.3.101.110'],
  'P-256': ['1.2.840.10045.2.1', '1.2.840.10045.3.1.7'],
  'X-Wing': ['1.3.6.1.4.1.62253.25722'],
};

/** A public key of a KEK, as HPKE serializes it. */
export interface KekPublicKey {
  readonly kem: KekKem;
  readonly octets: Uint8Array;
}

/** The SubjectPublicKeyInfo of a KEK certificate. */
export function encodeKekPublicKey({ kem, octets }: KekPublicKey): Uint8Array {
  return encodeSequence(encodeSequence(...algorithms[kem].map(encodeOid)), encodeBitString(octets));
}

/** Reads a SubjectPublicKeyInfo by its octets, since not every runtime knows X-Wing. @throws {@link KekError} `badPublicKey` */
export function parseKekPublicKey(der: Uint8Array): KekPublicKey {
  try {
    const { publicKey } = parseSubjectPublicKeyInfo(der);
    // The whole encoding is compared: parameters that should be absent, or another curve, are another key.
    const kem = kekKems.find((name) => Buffer.compare(encodeKekPublicKey({ kem: name, octets: publicKey }), der) === 0);
    if (kem === undefined) throw new KekError('badPublicKey', 'the public key is of no kind that a KEK has');
    if (publicKey.length !== kemFacts(kem).publicKeyLength) {
      throw new KekError('badPublicKey', `a public key for ${kem} has ${kemFacts(kem).publicKeyLength} octets`);
    }
    return { kem, octets: publicKey };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new KekError('badPublicKey', 'the public key is not a DER SubjectPublicKeyInfo', { cause: error });
  }
}
