import { createHash, createPublicKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { describePublicKey, parseCertificate } from '@vcc-pki/x509';
import { CompactSign, compactVerify, errors } from 'jose';
import { deliveryNonceLength } from './delivery.ts';
import { KekError } from './kek-error.ts';
import { isKekKem, type KekKem, kemFacts } from './kem.ts';

/** The `typ` of a delivery request, so that no other signature of the service can be taken for one (RFC 8725 s3.11). */
export const deliveryRequestType = 'vcc-kek-delivery+jws';

/** How old a request may be, and how far its clock may be ahead. */
export const deliveryRequestMaxAgeMs = 120_000;

/** The longest request: an X-Wing key and an ML-DSA-87 signature in base64url stay far below. */
export const maxDeliveryRequestLength = 16_384;

/** What a service asks for. */
export interface DeliveryRequest {
  readonly kekId: string;
  readonly kem: KekKem;
  /** The ephemeral public key that the seed is to be sealed to. */
  readonly publicKey: Uint8Array;
  /** 32 octets, never used before. */
  readonly nonce: Uint8Array;
  /** Names one of several processes of the service; `default` where there is one. */
  readonly instance: string;
}

/**
 * Signs a request with the key of the service certificate, as a compact JWS: whoever stands between the service and the
 * PKI cannot put a key of its own into it.
 * @param signer.certificate DER; `x5t#S256` of the header names it (RFC 7515 s4.1.8).
 * @param signer.now milliseconds since the epoch.
 */
export async function signDeliveryRequest(
  request: DeliveryRequest,
  signer: { readonly certificate: Uint8Array; readonly privateKey: KeyObject; readonly now: number },
): Promise<string> {
  const payload = {
    kek_id: request.kekId,
    kem: request.kem,
    pk: base64url(request.publicKey),
    nonce: base64url(request.nonce),
    instance: request.instance,
    iat: Math.floor(signer.now / 1000),
  };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({
      alg: algorithmOf(signer.certificate),
      typ: deliveryRequestType,
      'x5t#S256': thumbprint(signer.certificate),
    })
    .sign(signer.privateKey);
}

/**
 * Verifies that a request was signed by the key of a certificate, lately, for a KEK. That the nonce is new is for those to
 * find out who remember.
 * @param expected.certificate DER of the caller's certificate, as its TLS connection has shown it.
 * @throws {@link KekError} `badRequest`
 */
export async function verifyDeliveryRequest(
  jws: string,
  expected: { readonly certificate: Uint8Array; readonly kekId: string; readonly now: number },
): Promise<DeliveryRequest & { readonly issuedAt: number }> {
  const { protectedHeader, payload } = await verified(jws, expected.certificate);
  if (protectedHeader.typ !== deliveryRequestType) refuse('its typ is not that of a delivery request');
  if (!isSameText(String(protectedHeader['x5t#S256']), thumbprint(expected.certificate))) {
    refuse("it names another certificate than the connection's");
  }
  const members = parseMembers(payload);
  if (members['kek_id'] !== expected.kekId) refuse('it is for another KEK');
  const { kem, instance, iat } = members;
  if (!isKekKem(kem)) refuse('its kem is not known');
  const publicKey = octets(members['pk'], kemFacts(kem).publicKeyLength);
  const nonce = octets(members['nonce'], deliveryNonceLength);
  if (typeof instance !== 'string' || !/^[A-Za-z0-9._:-]{1,64}$/.test(instance)) refuse('its instance is no name');
  if (typeof iat !== 'number' || Math.abs(expected.now - iat * 1000) > deliveryRequestMaxAgeMs) {
    refuse('it is too old, or the clocks differ by more than two minutes');
  }
  return { kekId: expected.kekId, kem, publicKey, nonce, instance, issuedAt: iat * 1000 };
}

async function verified(jws: string, certificate: Uint8Array) {
  if (jws.length > maxDeliveryRequestLength) refuse('it is too long');
  const { der } = parseCertificate(certificate).subjectPublicKeyInfo;
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  try {
    // One algorithm, which the key decides and never the header (RFC 8725 s3.1).
    return await compactVerify(jws, key, { algorithms: [algorithmOf(certificate)] });
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    throw new KekError('badRequest', 'The delivery request is refused: its signature does not verify.', { cause });
  }
}

/** RFC 7518 s3.1, RFC 8037 s3.1, RFC 9864 s2.2; RSA signs with PSS alone. */
function algorithmOf(certificate: Uint8Array): string {
  const key = describePublicKey(parseCertificate(certificate).subjectPublicKeyInfo.der);
  switch (key.type) {
    case 'RSA':
      return 'PS256';
    case 'EC':
      return { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }[key.curve];
    case 'Ed25519':
    case 'ML-DSA-44':
    case 'ML-DSA-65':
    case 'ML-DSA-87':
      return key.type;
    default:
      return refuse('the key of the certificate cannot sign');
  }
}

function parseMembers(payload: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const members: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    if (typeof members === 'object' && members !== null && !Array.isArray(members)) return { ...members };
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
  }
  return refuse('its payload is no JSON object');
}

function octets(text: unknown, length: number): Uint8Array {
  // Buffer skips what is no base64url; the length and the way back say whether it skipped something.
  const bytes = typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64url')) : new Uint8Array(0);
  if (bytes.length !== length || base64url(bytes) !== text) refuse(`it wants ${length} octets in base64url`);
  return bytes;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function thumbprint(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('base64url');
}

function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(why: string): never {
  throw new KekError('badRequest', `The delivery request is refused: ${why}.`);
}
