import { createHash } from 'node:crypto';
import { parsePem } from '@vcc-pki/asn1';
import { parseCertificate } from '@vcc-pki/x509';
import { blockedKeys, type CertificateRecord, issuerById, type Store } from '../store/index.ts';
import type { Danger } from './renewal-info.ts';

type Endangered = Pick<CertificateRecord, 'certificateId' | 'spkiSha256' | 'issuerId'>;

/**
 * Finds which of some certificates are in danger: their public key, or that of their issuer, is blocked because it was
 * compromised.
 * @returns the dangers by certificate id; certificates in none are left out.
 */
export async function findDangers(
  { read }: Pick<Store, 'read'>,
  certificates: readonly Endangered[],
): Promise<ReadonlyMap<string, Danger>> {
  const issuers = new Map<string, string>();
  for (const issuerId of new Set(certificates.map((certificate) => certificate.issuerId))) {
    const key = await issuerKey(read, issuerId);
    if (key !== undefined) issuers.set(issuerId, key);
  }
  const keys = new Set([...certificates.map(({ spkiSha256 }) => spkiSha256), ...issuers.values()]);
  const blocked = new Map(
    (await blockedKeys(read, [...keys])).map(({ spkiSha256, blockedAt }) => [spkiSha256, blockedAt]),
  );
  const dangers = new Map<string, Danger>();
  if (blocked.size === 0) return dangers;
  for (const { certificateId, spkiSha256, issuerId } of certificates) {
    const own = blocked.get(spkiSha256);
    const above = blocked.get(issuers.get(issuerId) ?? '');
    if (own !== undefined) dangers.set(certificateId, { reason: 'keyBlocked', since: own });
    else if (above !== undefined) dangers.set(certificateId, { reason: 'issuerKeyBlocked', since: above });
  }
  return dangers;
}

/** SHA-256 of issuers' public keys by issuer_id, which is made from the key and so means the same one everywhere. */
const issuerKeys = new Map<string, string>();

/** An issuer's public key as `blocked_keys` names keys. */
async function issuerKey(read: Store['read'], issuerId: string): Promise<string | undefined> {
  const known = issuerKeys.get(issuerId);
  if (known !== undefined) return known;
  const issuer = await issuerById(read, issuerId);
  const [block] = issuer === undefined ? [] : parsePem(issuer.certificatePem);
  if (block === undefined) return undefined;
  const key = createHash('sha256').update(parseCertificate(block.der).subjectPublicKeyInfo.der).digest('hex');
  issuerKeys.set(issuerId, key);
  return key;
}
