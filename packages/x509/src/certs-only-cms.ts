import {
  contextConstructed,
  type Der,
  DerReader,
  encodeExplicit,
  encodeImplicitConstructed,
  encodeInteger,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  readSingleSequence,
  Tag,
} from '@vcc-pki/asn1';
import { X509Error } from './x509-error.ts';

/** id-data and id-signedData (RFC 5652 s4, s5.1). */
const dataOid = '1.2.840.113549.1.7.1';
const signedDataOid = '1.2.840.113549.1.7.2';

/**
 * Encodes certificates as a "certs-only" CMS message, known as PKCS #7: SignedData that signs nothing (RFC 5652 s5),
 * the form of `application/pkcs7-mime; smime-type=certs-only` (RFC 2585, RFC 7030 s4.1.3).
 * @param certificates DER, kept in the given order.
 */
export function encodeCertsOnlyCms(certificates: readonly Der[]): Der {
  const signedData = encodeSequence(
    encodeInteger(1),
    encodeSetOf(),
    encodeSequence(encodeOid(dataOid)),
    // Deviation: DER would sort this SET OF; only signed attributes must be DER (RFC 5652 s5.3), and readers show this order.
    ...(certificates.length === 0 ? [] : [encodeImplicitConstructed(0, ...certificates)]),
    encodeSetOf(),
  );
  return encodeSequence(encodeOid(signedDataOid), encodeExplicit(0, signedData));
}

/**
 * Parses a certs-only CMS message in DER into its certificates, each DER.
 * @throws {@link DerError}; {@link X509Error} `invalidStructure` when it signs something or is of another kind.
 */
export function parseCertsOnlyCms(der: Uint8Array): Der[] {
  const contentInfo = readSingleSequence(der);
  expectOid(contentInfo, signedDataOid);
  const explicit = contentInfo.readConstructed(contextConstructed(0));
  contentInfo.end();
  const signedData = explicit.readSequence();
  explicit.end();
  // Version 3 stands where attribute certificates or other content could (RFC 5652 s5.1).
  signedData.readSmallInteger(1, 3);
  signedData.readSet();
  const encapContentInfo = signedData.readSequence();
  expectOid(encapContentInfo, dataOid);
  encapContentInfo.end();
  const certificates = signedData.readOptional(contextConstructed(0));
  signedData.readOptional(contextConstructed(1));
  const signerInfos = signedData.readSet();
  signedData.end();
  if (!signerInfos.atEnd) throw new X509Error('invalidStructure', 'a certs-only message has no signers');
  return certificates === undefined ? [] : readCertificates(new DerReader(certificates.content, certificates.offset));
}

function expectOid(reader: DerReader, expected: string): void {
  const oid = reader.readOid();
  if (oid !== expected) throw new X509Error('invalidStructure', `expected CMS content ${expected}, found ${oid}`);
}

function readCertificates(reader: DerReader): Der[] {
  const certificates: Der[] = [];
  while (!reader.atEnd) certificates.push(reader.readElement(Tag.sequence).der);
  return certificates;
}
