import { hash } from 'node:crypto';
import {
  contextConstructed,
  type Der,
  encodeBitString,
  encodeElement,
  encodeEnumerated,
  encodeExplicit,
  encodeGeneralizedTime,
  encodeImplicit,
  encodeOctetString,
  encodeOid,
  encodeSequence,
} from '@vcc-pki/asn1';
import { type Extension, encodeExtensions } from '../extension.ts';
import { encodeReasonCode } from '../extensions/reason-code.ts';
import type { SignatureAlgorithmName } from '../signature-algorithms.ts';
import { encodeSignatureAlgorithm } from '../signed.ts';
import { parseSubjectPublicKeyInfo } from '../subject-public-key-info.ts';
import { basicResponseOid } from './ocsp-response.ts';
import { type OcspCertStatus, type OcspErrorStatus, ocspErrorStatuses } from './ocsp-status.ts';

/** The answer about one certificate; times in milliseconds since the epoch. */
export interface OcspSingleResponseInput {
  /** DER CertID: `certId.der` of the request, octet for octet. */
  readonly certId: Der;
  readonly status: OcspCertStatus;
  readonly thisUpdate: number;
  /** RFC 9919 s3.2.4 demands it; without it the answer is taken for stale at once. */
  readonly nextUpdate?: number;
  readonly extensions?: readonly Extension[];
}

/** What goes into an answer before it is signed. */
export interface TbsResponseDataInput {
  /** By which the responder is named, see {@link responderKeyHash} (RFC 9919 s3.2.2: never by its name). */
  readonly responderKeyHash: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly producedAt: number;
  /** At least one. */
  readonly responses: readonly OcspSingleResponseInput[];
  /** For example the nonce of the request. */
  readonly extensions?: readonly Extension[];
}

/** Builds an answer up to its signature: DER tbsResponseData (RFC 6960 s4.2.1). @throws RangeError, {@link DerError} */
export function buildTbsResponseData(input: TbsResponseDataInput): Der {
  return encodeSequence(
    encodeExplicit(2, encodeOctetString(input.responderKeyHash)),
    encodeGeneralizedTime(input.producedAt),
    encodeSequence(...input.responses.map(encodeSingleResponse)),
    ...encodeOptionalExtensions(1, input.extensions),
  );
}

/** The SHA-1 of a DER SubjectPublicKeyInfo's key octets, by which a responder is named (RFC 6960 s4.2.1); an identifier, no protection. */
export function responderKeyHash(publicKey: Der): Uint8Array {
  return new Uint8Array(hash('sha1', parseSubjectPublicKeyInfo(publicKey).publicKey, 'buffer'));
}

function encodeSingleResponse(response: OcspSingleResponseInput): Der {
  const { certId, status, thisUpdate, nextUpdate, extensions } = response;
  const parts = [certId, encodeCertStatus(status), encodeGeneralizedTime(thisUpdate)];
  if (nextUpdate !== undefined) parts.push(encodeExplicit(0, encodeGeneralizedTime(nextUpdate)));
  return encodeSequence(...parts, ...encodeOptionalExtensions(1, extensions));
}

function encodeCertStatus(status: OcspCertStatus): Der {
  if (status.type !== 'revoked') return encodeImplicit(status.type === 'good' ? 0 : 2, new Uint8Array(0));
  const parts = [encodeGeneralizedTime(status.revokedAt)];
  if (status.reason !== undefined) parts.push(encodeExplicit(0, encodeReasonCode(status.reason)));
  return encodeElement(contextConstructed(1), ...parts);
}

function encodeOptionalExtensions(n: number, extensions: readonly Extension[] = []): Der[] {
  return extensions.length === 0 ? [] : [encodeExplicit(n, encodeExtensions(extensions))];
}

/** A finished answer and its signature. */
export interface SignedOcspResponse {
  /** DER tbsResponseData. */
  readonly tbsResponseData: Der;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  readonly signature: Uint8Array;
  /** DER of certificates to send along: the responder's, when the CA does not sign itself. */
  readonly certificates?: readonly Der[];
}

/** Puts a signature under an answer: a DER OCSPResponse with status successful comes out. */
export function encodeOcspResponse(input: SignedOcspResponse): Der {
  const { tbsResponseData, signatureAlgorithm, signature, certificates = [] } = input;
  const basic = encodeSequence(
    tbsResponseData,
    encodeSignatureAlgorithm(signatureAlgorithm),
    encodeBitString(signature),
    ...(certificates.length === 0 ? [] : [encodeExplicit(0, encodeSequence(...certificates))]),
  );
  const responseBytes = encodeSequence(encodeOid(basicResponseOid), encodeOctetString(basic));
  return encodeSequence(encodeEnumerated(0), encodeExplicit(0, responseBytes));
}

/** A DER OCSPResponse that carries no answer but the reason why not; it is never signed (RFC 6960 s2.3). */
export function encodeOcspErrorResponse(status: OcspErrorStatus): Der {
  return encodeSequence(encodeEnumerated(ocspErrorStatuses[status]));
}
