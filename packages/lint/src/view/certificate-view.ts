import { contextConstructed, contextPrimitive, type DerReader, equalBytes } from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { type Extended, type Extensions, readExplicitExtensions } from './extension.ts';
import { basicConstraints } from './extensions/basic-constraints.ts';
import { type Name, type Named, readName } from './name.ts';
import { type Keyed, PublicKey } from './public-key.ts';
import { readSigned, type TwiceSigned } from './signed.ts';
import { readTime, type Time } from './time.ts';

/** A certificate as the rules see it (RFC 5280 s4.1). */
export class CertificateView implements TwiceSigned, Named, Keyed, Extended {
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** 0 for v1, 2 for v3; undefined when absent, which means v1. */
  readonly version: number | undefined;
  /** Two's complement, as encoded. */
  readonly serialNumber: Uint8Array;
  readonly tbsSignatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  readonly notBefore: Time;
  readonly notAfter: Time;
  readonly subject: Name;
  readonly names: readonly Name[];
  readonly publicKey: PublicKey;
  readonly hasUniqueIdentifier: boolean;
  readonly extensions: Extensions;

  /** @throws DerError */
  constructor(der: Uint8Array) {
    const { tbs, signatureAlgorithm } = readSigned(der);
    this.signatureAlgorithm = signatureAlgorithm;
    this.version = readVersion(tbs);
    this.serialNumber = tbs.readIntegerBytes();
    this.tbsSignatureAlgorithm = readAlgorithmIdentifier(tbs);
    this.issuer = readName(tbs);
    const validity = tbs.readSequence();
    this.notBefore = readTime(validity);
    this.notAfter = readTime(validity);
    validity.end();
    this.subject = readName(tbs);
    this.names = [this.issuer, this.subject];
    this.publicKey = new PublicKey(tbs);
    const issuerUniqueId = tbs.readOptional(contextPrimitive(1));
    const subjectUniqueId = tbs.readOptional(contextPrimitive(2));
    this.hasUniqueIdentifier = issuerUniqueId !== undefined || subjectUniqueId !== undefined;
    this.extensions = readExplicitExtensions(tbs, 3);
    tbs.end();
  }

  /** Whether the certificate says of itself that it is a CA's. @throws DerError when basicConstraints is malformed. */
  get isCa(): boolean {
    return this.extensions.read(basicConstraints)?.ca === true;
  }

  get isSelfIssued(): boolean {
    return equalBytes(this.issuer.der, this.subject.der);
  }
}

function readVersion(tbs: DerReader): number | undefined {
  if (tbs.peekTag() !== contextConstructed(0)) return undefined;
  const reader = tbs.readConstructed(contextConstructed(0));
  const version = reader.readSmallInteger(0, 2);
  reader.end();
  return version;
}
