import { compareOctets, contextConstructed, type DerElement, DerError, DerReader, type Oid, Tag } from '@vcc-pki/asn1';
import type { AlgorithmIdentifier } from './algorithm-identifier.ts';
import { type Extension, readExtensions } from './extension.ts';
import { type Name, readName } from './name.ts';
import { signatureAlgorithmOf } from './signature-algorithms.ts';
import { readSigned } from './signed.ts';
import { readSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './subject-public-key-info.ts';
import { verifySignature } from './verify-signature.ts';
import { X509Error } from './x509-error.ts';

/** An attribute of a request: a type and DER of each of its values (RFC 2986 s4.1). */
export interface CertificateRequestAttribute {
  readonly type: Oid;
  readonly values: readonly Uint8Array[];
}

/** A certificate signing request, PKCS #10 (RFC 2986 s4). All octets share the memory of what was parsed. */
export interface CertificateRequest {
  readonly der: Uint8Array;
  /** DER of the certificationRequestInfo: what is signed. */
  readonly infoDer: Uint8Array;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly attributes: readonly CertificateRequestAttribute[];
  /** Extensions that are asked for (RFC 2985 s5.4.2); empty when there is no such attribute. */
  readonly extensionRequest: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/** RFC 2985 s5.4.2 */
export const extensionRequestOid: Oid = '1.2.840.113549.1.9.14';

/**
 * Parses a DER request; its signature is {@link verifyCertificateRequest}'s question.
 * @throws {@link DerError}; {@link X509Error} `invalidStructure` when an attribute stands twice, `duplicateExtension`
 */
export function parseCertificateRequest(der: Uint8Array): CertificateRequest {
  const { tbsDer, tbs, signatureAlgorithm, signature } = readSigned(der);
  tbs.readSmallInteger(0, 0);
  const subject = readName(tbs);
  const subjectPublicKeyInfo = readSubjectPublicKeyInfo(tbs);
  const attributes = readAttributes(tbs.readElement(contextConstructed(0)));
  tbs.end();
  return {
    der,
    infoDer: tbsDer,
    subject,
    subjectPublicKeyInfo,
    attributes,
    extensionRequest: readExtensionRequest(attributes),
    signatureAlgorithm,
    signature,
  };
}

function readAttributes(element: DerElement): CertificateRequestAttribute[] {
  const seen = new Set<Oid>();
  return readSetOf(element).map((member) => {
    const reader = new DerReader(member.content, member.offset);
    const type = reader.readOid();
    const values = readSetOf(reader.readElement(Tag.set)).map(({ der }) => der);
    reader.end();
    if (values.length === 0) throw new X509Error('invalidStructure', `the attribute ${type} has no value`);
    if (seen.has(type)) throw new X509Error('invalidStructure', `the attribute ${type} stands twice`);
    seen.add(type);
    return { type, values };
  });
}

/** The members of a SET OF, which DER keeps in order (X.690 s11.6). */
function readSetOf({ content, offset }: DerElement): DerElement[] {
  const reader = new DerReader(content, offset);
  const members: DerElement[] = [];
  while (!reader.atEnd) {
    const member = reader.readElement();
    const previous = members.at(-1);
    if (previous !== undefined && compareOctets(previous.der, member.der) > 0) {
      throw new DerError('invalidValue', 'members of a SET OF are out of order', member.offset);
    }
    members.push(member);
  }
  return members;
}

function readExtensionRequest(attributes: readonly CertificateRequestAttribute[]): readonly Extension[] {
  const values = attributes.find(({ type }) => type === extensionRequestOid)?.values ?? [];
  const [value] = values;
  if (value === undefined) return [];
  if (values.length > 1) throw new X509Error('invalidStructure', 'extensionRequest has a single value');
  const reader = new DerReader(value);
  const extensions = readExtensions(reader);
  reader.end();
  return extensions;
}

/**
 * Tells whether the request is signed by the key that it asks a certificate for (proof of possession).
 * @throws {@link X509Error} `unsupportedAlgorithm`
 */
export async function verifyCertificateRequest(request: CertificateRequest): Promise<boolean> {
  return verifySignature({
    algorithm: signatureAlgorithmOf(request.signatureAlgorithm),
    publicKey: request.subjectPublicKeyInfo.der,
    data: request.infoDer,
    signature: request.signature,
  });
}
