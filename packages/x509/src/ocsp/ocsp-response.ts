import {
  contextConstructed,
  contextPrimitive,
  type DerElement,
  DerError,
  DerReader,
  type Oid,
  readSingleSequence,
  Tag,
} from '@vcc-pki/asn1';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../algorithm-identifier.ts';
import { decodeExtension, type Extension, readExplicitExtensions } from '../extension.ts';
import { parseReasonCode } from '../extensions/reason-code.ts';
import { type Name, readName } from '../name.ts';
import { type CertId, readCertId } from './cert-id.ts';
import { ocspExtensionId, parseOcspNonce } from './nonce.ts';
import { type OcspCertStatus, type OcspErrorStatus, readGeneralizedTime, readResponseStatus } from './ocsp-status.ts';

/** id-pkix-ocsp-basic (RFC 6960 s4.2.1) */
export const basicResponseOid: Oid = '1.3.6.1.5.5.7.48.1.1';

/** Who signed: by subject, or by the SHA-1 of its public key's octets. */
export type ResponderId =
  | { readonly type: 'byName'; readonly name: Name }
  | { readonly type: 'byKey'; readonly keyHash: Uint8Array };

/** The answer about one certificate; times in milliseconds since the epoch. */
export interface OcspSingleResponse {
  readonly certId: CertId;
  readonly status: OcspCertStatus;
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly extensions: readonly Extension[];
}

/** A signed answer (RFC 6960 s4.2.1). All octets share the memory of what was parsed. */
export interface BasicOcspResponse {
  /** DER of the tbsResponseData: what is signed. */
  readonly tbsDer: Uint8Array;
  readonly responderId: ResponderId;
  /** Milliseconds since the epoch. */
  readonly producedAt: number;
  readonly responses: readonly OcspSingleResponse[];
  readonly extensions: readonly Extension[];
  readonly nonce?: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** DER of the certificates that came along. */
  readonly certificates: readonly Uint8Array[];
}

/** An OCSP response: a signed answer, or the reason why there is none. */
export type OcspResponse =
  | { readonly status: 'successful'; readonly response: BasicOcspResponse }
  | { readonly status: OcspErrorStatus };

/** Parses a DER OCSPResponse; no signature is verified. @throws {@link DerError}; {@link X509Error} */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  const outer = readSingleSequence(der);
  const status = readResponseStatus(outer);
  const explicit = outer.readOptional(contextConstructed(0));
  outer.end();
  if (status !== 'successful') {
    if (explicit) throw new DerError('invalidValue', 'an error response carries nothing', explicit.offset);
    return { status };
  }
  if (explicit === undefined) throw new DerError('truncated', 'a successful response carries an answer', outer.offset);
  const wrapper = new DerReader(explicit.content, explicit.offset);
  const bytes = wrapper.readSequence();
  wrapper.end();
  const type = bytes.readOid();
  const response = bytes.readOctetString();
  bytes.end();
  if (type !== basicResponseOid) throw new DerError('invalidValue', `a response of the unknown type ${type}`, 0);
  return { status, response: parseBasicResponse(response) };
}

function parseBasicResponse(der: Uint8Array): BasicOcspResponse {
  const outer = readSingleSequence(der);
  const tbs = outer.readElement(Tag.sequence);
  const signatureAlgorithm = readAlgorithmIdentifier(outer);
  const signature = outer.readWholeBitString();
  const certificates = readCertificates(outer.readOptional(contextConstructed(0)));
  outer.end();
  return { tbsDer: tbs.der, ...readResponseData(tbs), signatureAlgorithm, signature, certificates };
}

function readCertificates(explicit: DerElement | undefined): Uint8Array[] {
  if (explicit === undefined) return [];
  const wrapper = new DerReader(explicit.content, explicit.offset);
  const list = wrapper.readSequence();
  wrapper.end();
  const certificates: Uint8Array[] = [];
  while (!list.atEnd) certificates.push(list.readElement(Tag.sequence).der);
  return certificates;
}

type ResponseData = Pick<BasicOcspResponse, 'responderId' | 'producedAt' | 'responses' | 'extensions' | 'nonce'>;

function readResponseData({ content, offset }: DerElement): ResponseData {
  const reader = new DerReader(content, offset);
  if (reader.peekTag() === contextConstructed(0)) {
    throw new DerError('invalidValue', 'version v1 is the default and is left out', reader.offset);
  }
  const responderId = readResponderId(reader);
  const producedAt = readGeneralizedTime(reader);
  const list = reader.readSequence();
  const responses: OcspSingleResponse[] = [];
  while (!list.atEnd) responses.push(readSingleResponse(list.readSequence()));
  const extensions = readExplicitExtensions(reader, 1);
  reader.end();
  const nonce = decodeExtension(extensions, ocspExtensionId.nonce, parseOcspNonce);
  return { responderId, producedAt, responses, extensions, ...(nonce && { nonce }) };
}

function readResponderId(outer: DerReader): ResponderId {
  const { tag, content, offset } = outer.readElement();
  const reader = new DerReader(content, offset);
  let responderId: ResponderId;
  if (tag === contextConstructed(1)) responderId = { type: 'byName', name: readName(reader) };
  else if (tag === contextConstructed(2)) responderId = { type: 'byKey', keyHash: reader.readOctetString() };
  else throw new DerError('unexpectedTag', 'not a ResponderID', offset);
  reader.end();
  return responderId;
}

function readSingleResponse(reader: DerReader): OcspSingleResponse {
  const certId = readCertId(reader);
  const status = readCertStatus(reader.readElement());
  const thisUpdate = readGeneralizedTime(reader);
  const explicit = reader.readOptional(contextConstructed(0));
  const nextUpdate = explicit && readExplicitTime(explicit);
  const extensions = readExplicitExtensions(reader, 1);
  reader.end();
  return { certId, status, thisUpdate, ...(nextUpdate !== undefined && { nextUpdate }), extensions };
}

function readCertStatus({ tag, content, offset }: DerElement): OcspCertStatus {
  if (tag === contextConstructed(1)) return readRevokedInfo(new DerReader(content, offset));
  if ((tag === contextPrimitive(0) || tag === contextPrimitive(2)) && content.length === 0) {
    return { type: tag === contextPrimitive(0) ? 'good' : 'unknown' };
  }
  throw new DerError('invalidValue', 'not a CertStatus', offset);
}

function readRevokedInfo(reader: DerReader): OcspCertStatus {
  const revokedAt = readGeneralizedTime(reader);
  const explicit = reader.readOptional(contextConstructed(0));
  reader.end();
  return { type: 'revoked', revokedAt, ...(explicit && { reason: parseReasonCode(explicit.content) }) };
}

function readExplicitTime({ content, offset }: DerElement): number {
  const reader = new DerReader(content, offset);
  const time = readGeneralizedTime(reader);
  reader.end();
  return time;
}
