import { createHash, createPublicKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { describePublicKey, parseCertificate } from '@vcc-pki/x509';
import { CompactSign, compactVerify, errors } from 'jose';
import type { GroupKeyName } from './group-delivery.ts';
import { KekError } from './kek-error.ts';
import { isKekKem, kemFacts } from './kem.ts';
import { type DeliveryReceiver, deliveryNonceLength } from './sealed-message.ts';

/** The `typ` of a delivery request, so that no other signature of the service can be taken for one (RFC 8725 s3.11). */
export const deliveryRequestType = 'vcc-kek-delivery+jws';

/** The same of a request for the key of a group. */
export const groupDeliveryRequestType = 'vcc-group-delivery+jws';

/** How old a request may be, and how far its clock may be ahead. */
export const deliveryRequestMaxAgeMs = 120_000;

/** The longest request: an X-Wing key and an ML-DSA-87 signature in base64url stay far below. */
export const maxDeliveryRequestLength = 16_384;

/** Who asks for a key, and what it is to be sealed to. */
export interface RequestingReceiver extends DeliveryReceiver {
  /** Names one of several processes of the service; `default` where there is one. */
  readonly instance: string;
}

/** What a service asks for. */
export interface DeliveryRequest extends RequestingReceiver {
  readonly kekId: string;
}

/** What a member of a group asks for. */
export interface GroupDeliveryRequest extends RequestingReceiver, GroupKeyName {}

/** Who signs a request: DER of the certificate, its key, and the time in milliseconds since the epoch. */
export interface RequestSigner {
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
  readonly now: number;
}

/** Whose request it must be, DER as the TLS connection has shown it, and when it is. */
export interface RequestVerification {
  readonly certificate: Uint8Array;
  readonly now: number;
}

/** When a request was signed, in milliseconds since the epoch. */
interface Verified {
  readonly issuedAt: number;
}

/** What a request says about the key that it is for, in the names of the wire. */
type Subject = Readonly<Record<string, string | number>>;

/**
 * Signs a request with the key of the service certificate, as a compact JWS: whoever stands between the service and the
 * PKI cannot put a key of its own into it. `x5t#S256` of the header names the certificate (RFC 7515 s4.1.8).
 */
export async function signDeliveryRequest(request: DeliveryRequest, signer: RequestSigner): Promise<string> {
  return sign(deliveryRequestType, { subject: { kek_id: request.kekId }, receiver: request, signer });
}

/** {@link signDeliveryRequest} for the key of a group. */
export async function signGroupDeliveryRequest(request: GroupDeliveryRequest, signer: RequestSigner): Promise<string> {
  return sign(groupDeliveryRequestType, { subject: groupSubject(request), receiver: request, signer });
}

/**
 * Verifies that a request was signed by the key of a certificate, lately, for a KEK. That the nonce is new is for those to
 * find out who remember.
 * @throws {@link KekError} `badRequest`
 */
export async function verifyDeliveryRequest(
  jws: string,
  expected: RequestVerification & { readonly kekId: string },
): Promise<DeliveryRequest & Verified> {
  const { kekId } = expected;
  return { kekId, ...(await verify(jws, { typ: deliveryRequestType, subject: { kek_id: kekId }, expected })) };
}

/** {@link verifyDeliveryRequest} for the key of a group. @throws {@link KekError} `badRequest` */
export async function verifyGroupDeliveryRequest(
  jws: string,
  expected: RequestVerification & GroupKeyName,
): Promise<GroupDeliveryRequest & Verified> {
  const { line, tenant, group, epoch } = expected;
  const subject = groupSubject(expected);
  return { line, tenant, group, epoch, ...(await verify(jws, { typ: groupDeliveryRequestType, subject, expected })) };
}

function groupSubject({ line, tenant, group, epoch }: GroupKeyName): Subject {
  return { line, tenant, group, epoch };
}

async function sign(
  typ: string,
  request: { readonly subject: Subject; readonly receiver: RequestingReceiver; readonly signer: RequestSigner },
): Promise<string> {
  const { subject, receiver, signer } = request;
  const payload = {
    ...subject,
    kem: receiver.kem,
    pk: base64url(receiver.publicKey),
    nonce: base64url(receiver.nonce),
    instance: receiver.instance,
    iat: Math.floor(signer.now / 1000),
  };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({
      alg: algorithmOf(signer.certificate),
      typ,
      'x5t#S256': thumbprint(signer.certificate),
    })
    .sign(signer.privateKey);
}

async function verify(
  jws: string,
  { typ, subject, expected }: { typ: string; subject: Subject; expected: RequestVerification },
): Promise<RequestingReceiver & Verified> {
  const { protectedHeader, payload } = await verified(jws, expected.certificate);
  if (protectedHeader.typ !== typ) refuse('its typ is not that of such a request');
  if (!isSameText(String(protectedHeader['x5t#S256']), thumbprint(expected.certificate))) {
    refuse("it names another certificate than the connection's");
  }
  const members = parseMembers(payload);
  if (Object.entries(subject).some(([name, value]) => members[name] !== value)) refuse('it is for another key');
  const { kem, instance, iat } = members;
  if (!isKekKem(kem)) refuse('its kem is not known');
  const publicKey = octets(members['pk'], kemFacts(kem).publicKeyLength);
  const nonce = octets(members['nonce'], deliveryNonceLength);
  if (typeof instance !== 'string' || !/^[A-Za-z0-9._:-]{1,64}$/.test(instance)) refuse('its instance is no name');
  if (typeof iat !== 'number' || Math.abs(expected.now - iat * 1000) > deliveryRequestMaxAgeMs) {
    refuse('it is too old, or the clocks differ by more than two minutes');
  }
  return { kem, publicKey, nonce, instance, issuedAt: iat * 1000 };
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
