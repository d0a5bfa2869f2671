import { concatBytes, type Der, encodeBitString, encodeHeader, Tag } from '@vcc-pki/asn1';
import { encodeTbsCertListParts, type TbsCertListInput } from './build-tbs-cert-list.ts';
import { encodeSignatureAlgorithm } from './signed.ts';

/** A CRL but for its entries. */
export type CertListFrame = Omit<TbsCertListInput, 'entries'>;

/** A CRL laid out in one buffer, so that a million entries are copied once on their way to a signed CRL. */
export interface CertListLayout {
  /** Where the DER of the entries belongs; to be filled before the rest is used. */
  readonly entries: Uint8Array;
  /** DER tbsCertList, for the signer. */
  readonly tbsDer: Der;
  /** Puts the signature around `tbsDer`, in the same buffer. @returns the signed CRL in DER. */
  complete(signature: Uint8Array): Der;
}

/** Identifier and longest length of a SEQUENCE: room for the outer one, whose length depends on the signature's. */
const outerHeaderRoom = 6;

/** For the algorithm and the signature: ML-DSA-87 has the longest, 4627 octets (FIPS 204 table 2). */
const signatureRoom = 5120;

/**
 * Lays out a CRL for entries of a known total size.
 *
 * @param entriesOctets the size of all entries; 0 leaves the field out (RFC 5280 s5.1.2.6).
 */
export function layOutCertList(frame: CertListFrame, entriesOctets: number): CertListLayout {
  const { before, after } = encodeTbsCertListParts(frame);
  const listHeader = entriesOctets === 0 ? new Uint8Array(0) : encodeHeader(Tag.sequence, entriesOctets);
  const content = before.length + listHeader.length + entriesOctets + after.length;
  const head = concatBytes(encodeHeader(Tag.sequence, content), before, listHeader);
  const entriesAt = outerHeaderRoom + head.length;
  const tbsEnd = entriesAt + entriesOctets + after.length;
  const buffer = new Uint8Array(tbsEnd + signatureRoom);
  buffer.set(head, outerHeaderRoom);
  buffer.set(after, entriesAt + entriesOctets);
  return {
    entries: buffer.subarray(entriesAt, entriesAt + entriesOctets),
    tbsDer: buffer.subarray(outerHeaderRoom, tbsEnd),
    complete: (signature) => {
      const tail = concatBytes(encodeSignatureAlgorithm(frame.signatureAlgorithm), encodeBitString(signature));
      const outer = encodeHeader(Tag.sequence, tbsEnd - outerHeaderRoom + tail.length);
      buffer.set(tail, tbsEnd);
      buffer.set(outer, outerHeaderRoom - outer.length);
      return buffer.subarray(outerHeaderRoom - outer.length, tbsEnd + tail.length);
    },
  };
}
