import { type DerReader, readSingleSequence } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';

/** What carries a signature. */
export interface Signed {
  /** The algorithm beside the signature, which the signature does not cover. */
  readonly signatureAlgorithm: AlgorithmIdentifier;
}

/** What names its signature algorithm once more, inside of what is signed. */
export interface TwiceSigned extends Signed {
  readonly tbsSignatureAlgorithm: AlgorithmIdentifier;
}

/** Reads `SEQUENCE { toBeSigned, signatureAlgorithm, signatureValue }`. The signature itself is not looked at. */
export function readSigned(der: Uint8Array): { tbs: DerReader; signatureAlgorithm: AlgorithmIdentifier } {
  const outer = readSingleSequence(der);
  const tbs = outer.readSequence();
  const signatureAlgorithm = readAlgorithmIdentifier(outer);
  outer.readBitString();
  outer.end();
  return { tbs, signatureAlgorithm };
}
