import { createHash } from 'node:crypto';
import { encodeEnrolmentToken, PkiError } from '@vcc-pki/api';
import { ipAddressFromText, ipAddressToText, X509Error } from '@vcc-pki/x509';
import { notOnWhitelist } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import type { EnrolmentTokenRecord } from '../store/index.ts';
import type { EnrolmentDeps } from './deps.ts';
import { hashSecret, newTokenSecret } from './token-secret.ts';

/** What an administrator wants a token for. */
export interface TokenOrder {
  readonly serviceId: string;
  /** The configured default when absent. */
  readonly ttlMs?: number | undefined;
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly csrKeySha256?: string | undefined;
  readonly serverUrl?: string | undefined;
  readonly comment?: string | undefined;
}

export interface CreatedToken {
  readonly record: EnrolmentTokenRecord;
  /** The text to hand over; after this nobody can make it again. */
  readonly text: string;
}

/**
 * Makes a one-time token; what is recorded of it is a hash.
 * @throws PkiError `forbidden` for a service that may not request certificates; `rejectedIdentifier` for a name it may
 *   not hold; `malformed` for a lifetime beyond the configured one.
 */
export async function createToken(deps: EnrolmentDeps, requester: Requester, order: TokenOrder): Promise<CreatedToken> {
  const names = checkNames(deps, order);
  const ttlMs = order.ttlMs ?? deps.enrolment.defaultTtlMs;
  if (ttlMs > deps.enrolment.maxTtlMs) {
    throw new PkiError('malformed', `a token may be used for ${deps.enrolment.maxTtlMs / 1000} seconds at most`, {
      field: 'ttl_seconds',
    });
  }
  const { tokenId, secret } = newTokenSecret();
  const now = deps.clock.now();
  const token = {
    tokenId,
    secretSha256: hashSecret(secret),
    serviceId: order.serviceId,
    dns: JSON.stringify(names.dns),
    ip: JSON.stringify(names.ip),
    csrKeySha256: order.csrKeySha256 ?? null,
    comment: order.comment ?? null,
    createdAt: now,
    createdBy: requester.serviceId,
    expiresAt: now + ttlMs,
  };
  await deps.store.ledger.submit('createToken', { token, audit: auditOf(requester, token) });
  const text = encodeEnrolmentToken({
    tokenId,
    serverUrl: order.serverUrl ?? deps.enrolment.serverUrl,
    serviceId: order.serviceId,
    rootSha256: createHash('sha256').update(deps.issuer.rootCertificate.der).digest('hex'),
    secret,
  });
  return { record: { ...token, usedAt: null, usedKeySha256: null, certificateId: null, revokedAt: null }, text };
}

/** A token that could never be used is refused when it is made, to the one who can mend it. */
function checkNames({ policy }: EnrolmentDeps, { serviceId, dns, ip }: TokenOrder) {
  const entry = policy.entryFor(serviceId);
  if (entry === undefined) throw notOnWhitelist(serviceId, 'service_name');
  policy.checkOperation(entry, 'request');
  const names = [
    ...dns.map((value, i) => ({
      field: `dns[${i}]`,
      name: { type: 'dNSName' as const, value: value.toLowerCase() },
    })),
    ...ip.map((value, i) => ({ field: `ip[${i}]`, name: { type: 'iPAddress' as const, value: addressOf(value, i) } })),
  ];
  policy.checkNames(entry, { commonName: serviceId, names });
  return {
    dns: [...new Set(dns.map((value) => value.toLowerCase()))],
    ip: [...new Set(ip.map((value, i) => ipAddressToText(addressOf(value, i))))],
  };
}

function addressOf(text: string, index: number): Uint8Array {
  try {
    return ipAddressFromText(text);
  } catch (error) {
    if (error instanceof X509Error) throw new PkiError('malformed', error.message, { field: `ip[${index}]` });
    throw error;
  }
}

function auditOf(
  requester: Requester,
  token: { tokenId: string; serviceId: string; createdAt: number; expiresAt: number },
) {
  return {
    timestamp: token.createdAt,
    requestId: requester.requestId,
    serviceId: token.serviceId,
    action: 'create-token',
    certificateId: null,
    clientIp: requester.clientIp,
    clientCertFingerprint: requester.fingerprint,
    status: 'success' as const,
    details: { token_id: token.tokenId, expires_at: new Date(token.expiresAt).toISOString() },
  };
}
