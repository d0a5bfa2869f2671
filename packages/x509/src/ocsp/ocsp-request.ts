import {
  contextConstructed,
  type Der,
  DerError,
  DerReader,
  encodeExplicit,
  encodeSequence,
  readSingleSequence,
} from '@vcc-pki/asn1';
import { decodeExtension, type Extension, encodeExtensions, readExplicitExtensions } from '../extension.ts';
import { type GeneralName, readGeneralName } from '../general-name.ts';
import { type CertId, readCertId } from './cert-id.ts';
import { encodeOcspNonce, ocspExtensionId, parseOcspNonce } from './nonce.ts';

/** One question of a request. */
export interface OcspSingleRequest {
  readonly certId: CertId;
  readonly extensions: readonly Extension[];
}

/** An OCSP request (RFC 6960 s4.1). */
export interface OcspRequest {
  readonly der: Uint8Array;
  readonly requestorName?: GeneralName;
  /** At least one; RFC 9919 s3.1.1 wants exactly one. */
  readonly requests: readonly OcspSingleRequest[];
  readonly extensions: readonly Extension[];
  /** 1 to 128 octets. */
  readonly nonce?: Uint8Array;
  /** True when a signature is there; it is not verified. */
  readonly isSigned: boolean;
}

/** Parses a DER OCSPRequest. @throws {@link DerError}; {@link X509Error} `duplicateExtension` */
export function parseOcspRequest(der: Uint8Array): OcspRequest {
  const outer = readSingleSequence(der);
  const reader = outer.readSequence();
  const isSigned = outer.readOptional(contextConstructed(0)) !== undefined;
  outer.end();
  // version is v1, the default, which DER leaves out.
  if (reader.peekTag() === contextConstructed(0)) {
    throw new DerError('invalidValue', 'the version of an OCSP request is left out', reader.offset);
  }
  const requestorName = readRequestorName(reader);
  const requests = readRequests(reader.readSequence());
  const extensions = readExplicitExtensions(reader, 2);
  reader.end();
  const nonce = decodeExtension(extensions, ocspExtensionId.nonce, parseOcspNonce);
  return {
    der,
    ...(requestorName && { requestorName }),
    requests,
    extensions,
    ...(nonce && { nonce }),
    isSigned,
  };
}

function readRequestorName(reader: DerReader): GeneralName | undefined {
  const explicit = reader.readOptional(contextConstructed(1));
  if (explicit === undefined) return undefined;
  const inner = new DerReader(explicit.content, explicit.offset);
  const name = readGeneralName(inner);
  inner.end();
  return name;
}

function readRequests(list: DerReader): OcspSingleRequest[] {
  const requests: OcspSingleRequest[] = [];
  do {
    const reader = list.readSequence();
    const certId = readCertId(reader);
    requests.push({ certId, extensions: readExplicitExtensions(reader, 0) });
    reader.end();
  } while (!list.atEnd);
  return requests;
}

/**
 * Encodes an unsigned request.
 * @param certIds made by `encodeCertId`; one, if any responder is to answer it (RFC 9919 s3.1.1).
 * @param options `nonce`: 32 random octets (RFC 9654 s2.1) when the answer must be fresh.
 */
export function encodeOcspRequest(certIds: readonly Der[], options: { readonly nonce?: Uint8Array } = {}): Der {
  const requests = encodeSequence(...certIds.map((certId) => encodeSequence(certId)));
  if (options.nonce === undefined) return encodeSequence(encodeSequence(requests));
  const extensions = encodeExtensions([
    { id: ocspExtensionId.nonce, critical: false, value: encodeOcspNonce(options.nonce) },
  ]);
  return encodeSequence(encodeSequence(requests, encodeExplicit(2, extensions)));
}
