/**
 * Strict DER: {@link DerReader} takes it apart, the `encode…` functions put it together; {@link parsePem} and
 * {@link encodePem} wrap it for people. BER that is not DER is refused, and nothing here knows what a certificate is.
 *
 * @module
 */

export { concatBytes, equalBytes, fromHex, toHex } from './bytes.ts';
export { DerError, type DerErrorCode } from './der-error.ts';
export { type BitString, type DerElement, DerReader, readSingleSequence } from './der-reader.ts';
export {
  compareOctets,
  type Der,
  encodeBitString,
  encodeBoolean,
  encodeElement,
  encodeEnumerated,
  encodeExplicit,
  encodeGeneralizedTime,
  encodeHeader,
  encodeIa5String,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeInteger,
  encodeNamedBits,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodePrintableString,
  encodeSequence,
  encodeSetOf,
  encodeTime,
  encodeUtf8String,
  ia5Content,
  integerContent,
} from './der-writer.ts';
export { OctetMemory } from './octet-memory.ts';
export { decodeOid, encodeOidContent, type Oid } from './oid.ts';
export { encodePem, encodePemPieces, fromBase64, type PemBlock, parsePem } from './pem.ts';
export { contextConstructed, contextPrimitive, Tag } from './tag.ts';
export { decodeGeneralizedTime, decodeUtcTime } from './time.ts';
