import {
  type Der,
  DerReader,
  encodeBitString,
  encodeSequence,
  equalBytes,
  readSingleSequence,
  Tag,
} from '@vcc-pki/asn1';
import {
  type AlgorithmIdentifier,
  encodeAlgorithmIdentifier,
  readAlgorithmIdentifier,
} from './algorithm-identifier.ts';
import { type SignatureAlgorithmName, signatureAlgorithm } from './signature-algorithms.ts';
import { X509Error } from './x509-error.ts';

/** The frame that certificates, CSRs and CRLs share: what is signed, the algorithm, the signature. */
export interface Signed {
  /** DER of what is signed. */
  readonly tbsDer: Uint8Array;
  /** Reader of what `tbsDer` holds. */
  readonly tbs: DerReader;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/** Opens the frame. @throws {@link DerError} */
export function readSigned(der: Uint8Array): Signed {
  const outer = readSingleSequence(der);
  const tbs = outer.readElement(Tag.sequence);
  const signatureAlgorithm = readAlgorithmIdentifier(outer);
  const signature = outer.readWholeBitString();
  outer.end();
  return { tbsDer: tbs.der, tbs: new DerReader(tbs.content, tbs.offset), signatureAlgorithm, signature };
}

/** @throws {@link X509Error} `invalidStructure` unless both are the same octets (RFC 5280 s4.1.1.2, s5.1.1.2). */
export function checkSameAlgorithm(inner: AlgorithmIdentifier, outer: AlgorithmIdentifier): void {
  if (!equalBytes(inner.der, outer.der)) {
    throw new X509Error('invalidStructure', 'the signed and the unsigned signature algorithm differ');
  }
}

/** Puts a signature under a finished to-be-signed part: a certificate, CSR or CRL comes out. */
export function encodeSigned(tbsDer: Der, algorithm: SignatureAlgorithmName, signature: Uint8Array): Der {
  return encodeSequence(tbsDer, encodeSignatureAlgorithm(algorithm), encodeBitString(signature));
}

/** The AlgorithmIdentifier of a signature algorithm, as it stands inside and outside of what is signed. */
export function encodeSignatureAlgorithm(algorithm: SignatureAlgorithmName): Der {
  const known = identifiers.get(algorithm);
  if (known !== undefined) return known;
  const { oid, parameters } = signatureAlgorithm(algorithm);
  const identifier = encodeAlgorithmIdentifier(oid, parameters[0]);
  identifiers.set(algorithm, identifier);
  return identifier;
}

/** One for each row of the table that was used. */
const identifiers = new Map<SignatureAlgorithmName, Der>();
