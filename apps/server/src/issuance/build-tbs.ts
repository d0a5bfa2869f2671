import { toHex } from '@vcc-pki/asn1';
import {
  buildTbsCertificate,
  type Extension,
  encodeName,
  encodeSubjectAltName,
  encodeSubjectKeyIdentifier,
  extensionId,
  type GeneralName,
  keyIdentifier,
  type TbsCertificate,
} from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import { crlShardOf } from '../store/index.ts';
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  caIssuers,
  crlDistributionPoints,
  extKeyUsage,
  keyUsage,
  noRevAvail,
  ocspNoCheck,
} from './constant-extensions.ts';
import { keyUsageFor } from './profiles.ts';
import { newSerialNumber } from './serial-number.ts';
import type { VerifiedRequest } from './verify-csr.ts';

export interface Draft {
  readonly serialNumber: Uint8Array;
  /** Every entry of the subjectAltName, the SPIFFE ID included. */
  readonly names: readonly GeneralName[];
  readonly tbs: TbsCertificate;
}

export interface DraftRules {
  readonly trustDomain: string;
  readonly organization: string;
}

/** Stop 3, the drafter: profile + judged request -> to-be-signed certificate. Of the CSR it takes the public key alone. */
export function buildTbs(parts: { request: VerifiedRequest; issuer: Issuer; rules: DraftRules; now: number }): Draft {
  const { request, issuer, rules, now } = parts;
  const serialNumber = newSerialNumber(now);
  const names = withSpiffeId(request, rules.trustDomain);
  const tbs = buildTbsCertificate({
    serialNumber,
    signatureAlgorithm: issuer.signer.signatureAlgorithm,
    issuer: issuer.certificate.subject.der,
    validity: request.validity,
    subject: encodeName([
      { type: 'organizationName', value: rules.organization },
      { type: 'commonName', value: request.commonName },
    ]),
    subjectPublicKeyInfo: request.subjectPublicKeyInfo.der,
    extensions: [
      ...leafExtensions(request, names),
      authorityKeyIdentifier(issuer),
      ...revocationExtensions(request, issuer, serialNumber),
      ...(request.extensions ?? []),
    ],
  });
  return { serialNumber, names, tbs };
}

/** In every leaf of a service (decisions: names), so that peers can tell them apart whatever their DNS names are. */
function withSpiffeId(request: VerifiedRequest, trustDomain: string): readonly GeneralName[] {
  if (request.profile.holder !== 'service') return request.names;
  const value = `spiffe://${trustDomain}/${request.serviceId}`;
  const asked = request.names.some((name) => name.type === 'uniformResourceIdentifier' && name.value === value);
  return asked ? request.names : [...request.names, { type: 'uniformResourceIdentifier', value }];
}

function leafExtensions({ subjectPublicKeyInfo: key, profile }: VerifiedRequest, names: readonly GeneralName[]) {
  const extensions: Extension[] = [basicConstraints, keyUsage(keyUsageFor(key, profile)), extKeyUsage(profile)];
  if (names.length > 0) {
    extensions.push({ id: extensionId.subjectAltName, critical: false, value: encodeSubjectAltName(names) });
  }
  const identifier = encodeSubjectKeyIdentifier(keyIdentifier(key.der));
  extensions.push({ id: extensionId.subjectKeyIdentifier, critical: false, value: identifier });
  return extensions;
}

/** Where relying parties ask whether the certificate is revoked, and where its issuer's own certificate is. */
function revocationExtensions(
  { profile }: VerifiedRequest,
  issuer: Issuer,
  serialNumber: Uint8Array,
): readonly Extension[] {
  switch (profile.revocation) {
    case 'published':
      return [crlDistributionPoint(issuer, serialNumber), authorityInfoAccess(issuer)];
    case 'none':
      // RFC 9608 s3: together with noRevAvail neither CRL nor OCSP address may be there.
      return [noRevAvail, caIssuers(issuer)];
    case 'noCheck':
      // RFC 6960 s4.2.2.2.1. CA/B BR 7.1.2.8.2 wants neither CRL address nor authorityInfoAccess.
      return [ocspNoCheck];
  }
}

/** The shard that lists the serial number, should it come to that (docs/revocation.md). */
function crlDistributionPoint(issuer: Issuer, serialNumber: Uint8Array): Extension {
  const shard = crlShardOf(toHex(serialNumber), issuer.crlShards);
  return crlDistributionPoints(issuer)[shard] as Extension;
}
