import { contextConstructed, type DerElement, DerError, DerReader, readSingleSequence, Tag } from '@vcc-pki/asn1';
import type { DerKind } from './pki-object.ts';

/** What DER can be told from by its first two levels alone. */
export type DerShape = DerKind | 'pkcs7' | 'pkcs8' | 'pkcs8Encrypted' | 'pkcs1' | 'sec1' | 'pkcs12';

/** More than any of the shapes needs to be told from the others. */
const mostElements = 9;

const context0 = contextConstructed(0);
const context1 = contextConstructed(1);

/** Types of the elements inside the outer SEQUENCE, and what that means; `tbs` looks one level deeper. */
const outerShapes: readonly { readonly tags: readonly number[]; readonly shape: DerShape | 'tbs' }[] = [
  // Certificate, CertificateList and CertificationRequest are all signed in the same way (RFC 5280 s4.1).
  { tags: [Tag.sequence, Tag.sequence, Tag.bitString], shape: 'tbs' },
  { tags: [Tag.sequence, Tag.bitString], shape: 'publicKey' },
  // RFC 6960 s4.1.1 and s4.2.1
  { tags: [Tag.sequence], shape: 'ocspRequest' },
  { tags: [Tag.sequence, context0], shape: 'ocspRequest' },
  { tags: [Tag.enumerated], shape: 'ocspResponse' },
  { tags: [Tag.enumerated, context0], shape: 'ocspResponse' },
  // RFC 5652 s3
  { tags: [Tag.oid, context0], shape: 'pkcs7' },
  // RFC 5958 s2 and s3, RFC 8017 A.1.2, RFC 5915 s3
  { tags: [Tag.integer, Tag.sequence, Tag.octetString], shape: 'pkcs8' },
  { tags: [Tag.integer, Tag.sequence, Tag.octetString, context0], shape: 'pkcs8' },
  { tags: [Tag.sequence, Tag.octetString], shape: 'pkcs8Encrypted' },
  { tags: Array<number>(9).fill(Tag.integer), shape: 'pkcs1' },
  { tags: [Tag.integer, Tag.octetString], shape: 'sec1' },
  { tags: [Tag.integer, Tag.octetString, context0], shape: 'sec1' },
  { tags: [Tag.integer, Tag.octetString, context1], shape: 'sec1' },
  { tags: [Tag.integer, Tag.octetString, context0, context1], shape: 'sec1' },
  // RFC 7292 s4
  { tags: [Tag.integer, Tag.sequence], shape: 'pkcs12' },
  { tags: [Tag.integer, Tag.sequence, Tag.sequence], shape: 'pkcs12' },
];

/** Tells by its shape what DER is; `undefined` when it is none of these, or no DER. */
export function recognizeDer(der: Uint8Array): DerShape | undefined {
  try {
    const elements = firstElements(readSingleSequence(der));
    const shape = outerShapes.find(({ tags }) => hasTags(elements, tags))?.shape;
    return shape === 'tbs' ? recognizeSigned(elements[0] as DerElement) : shape;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function recognizeSigned({ content, offset }: DerElement): DerKind | undefined {
  const tags = firstElements(new DerReader(content, offset)).map(({ tag }) => tag);
  if (tags[0] === context0) return 'certificate';
  // CertificationRequestInfo: version, subject, key, attributes (RFC 2986 s4.1).
  if (tags[0] === Tag.integer && tags[3] === context0) return 'certificateRequest';
  // TBSCertList: version, algorithm, issuer, time; version 1 has no version field (RFC 5280 s5.1).
  const time = tags[tags[0] === Tag.integer ? 3 : 2];
  if (time === Tag.utcTime || time === Tag.generalizedTime) return 'certificateList';
  return tags[0] === Tag.integer ? 'certificate' : undefined;
}

function firstElements(reader: DerReader): DerElement[] {
  const elements: DerElement[] = [];
  while (!reader.atEnd && elements.length < mostElements) elements.push(reader.readElement());
  return elements;
}

function hasTags(elements: readonly DerElement[], tags: readonly number[]): boolean {
  return elements.length === tags.length && elements.every(({ tag }, i) => tag === tags[i]);
}
