import assert from 'node:assert/strict';
import {
  type Der,
  encodeBoolean,
  encodeExplicit,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  parsePem,
  toHex,
} from '@vcc-pki/asn1';
import {
  type BasicOcspResponse,
  type CertIdHash,
  encodeCertId,
  encodeOcspRequest,
  hashIssuer,
  keyIdentifier,
  type OcspResponse,
  type OcspSingleResponse,
  parseCertificate,
  parseOcspResponse,
  serialFromHex,
} from '@vcc-pki/x509';
import { request as httpRequest } from 'undici';
import type { IssuedIdentity, RunningPki } from './running-pki.ts';

export interface OcspExchange {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body. */
  readonly der: Buffer;
}

export interface OcspQuestionOptions {
  readonly hash?: CertIdHash;
  readonly nonce?: Uint8Array;
}

/** A relying party that asks the OCSP responder of a PKI on its public listener. */
export interface OcspClient {
  /** As it stands in URLs. */
  readonly issuerId: string;
  certId(serialHex: string, hash?: CertIdHash): Der;
  request(serialHex: string, options?: OcspQuestionOptions): Der;
  post(der: Uint8Array, path?: string): Promise<OcspExchange>;
  /** @param encoded what stands behind the last slash. */
  get(encoded: string, options?: { path?: string; headers?: Record<string, string> }): Promise<OcspExchange>;
  /** The answer about one serial number; fails unless there is one. */
  ask(serialHex: string, options?: OcspQuestionOptions): Promise<OcspSingleResponse>;
}

export function ocspClient(pki: RunningPki): OcspClient {
  const issuer = parseCertificate(onlyDer(pki.intermediatePem));
  const issuerId = toHex(keyIdentifier(issuer.subjectPublicKeyInfo.der));
  const ownPath = `/ocsp/${issuerId}`;
  const certId = (serialHex: string, hash: CertIdHash = 'sha256'): Der =>
    encodeCertId(hashIssuer(issuer, hash), serialFromHex(serialHex));
  const request = (serialHex: string, { hash, nonce }: OcspQuestionOptions = {}): Der =>
    encodeOcspRequest([certId(serialHex, hash)], nonce === undefined ? {} : { nonce });
  const post = (der: Uint8Array, path = ownPath): Promise<OcspExchange> =>
    exchange(`${pki.publicUrl}${path}`, 'POST', { body: der, headers: { 'content-type': 'application/ocsp-request' } });
  return {
    ...{ issuerId, certId, request, post },
    get: (encoded, { path = ownPath, headers = {} } = {}) =>
      exchange(`${pki.publicUrl}${path}/${encoded}`, 'GET', { headers }),
    ask: async (serialHex, options) => onlySingle((await post(request(serialHex, options))).der),
  };
}

async function exchange(
  url: string,
  method: 'GET' | 'POST',
  { body = null, headers }: { body?: Uint8Array | null; headers: Record<string, string> },
): Promise<OcspExchange> {
  const response = await httpRequest(url, { method, body, headers });
  return {
    status: response.statusCode,
    headers: response.headers,
    der: Buffer.from(await response.body.arrayBuffer()),
  };
}

/** A request that x509 would not make: with any extension. */
export function requestWithExtension(
  certId: Der,
  { id, critical = false, value }: { id: string; critical?: boolean; value: Uint8Array },
): Der {
  const extension = [encodeOid(id), ...(critical ? [encodeBoolean(true)] : []), encodeOctetString(value)];
  const extensions = encodeExplicit(2, encodeSequence(encodeSequence(...extension)));
  return encodeSequence(encodeSequence(encodeSequence(encodeSequence(certId)), extensions));
}

/** The signed answer of a response; fails when it is an error. */
export function answerOf(der: Uint8Array): BasicOcspResponse {
  const parsed: OcspResponse = parseOcspResponse(der);
  assert.equal(parsed.status, 'successful');
  assert.ok('response' in parsed);
  return parsed.response;
}

/** The status of a response: `successful`, or the error. */
export function statusOf(der: Uint8Array): OcspResponse['status'] {
  return parseOcspResponse(der).status;
}

function onlySingle(der: Uint8Array): OcspSingleResponse {
  const { responses } = answerOf(der);
  assert.equal(responses.length, 1);
  return responses[0] as OcspSingleResponse;
}

/** The certificate of a PEM text. */
export function onlyDer(pem: string): Uint8Array {
  const [block] = parsePem(pem);
  assert.ok(block);
  return block.der;
}

/** Lower-case hex, as the API shows it. */
export function serialOf(leaf: IssuedIdentity): string {
  return (leaf.answer.json() as { serial_number: string }).serial_number;
}
