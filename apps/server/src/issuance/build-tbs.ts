import { toHex } from '@vcc-pki/asn1';
import {
  accessMethod,
  buildTbsCertificate,
  type Extension,
  encodeAuthorityInfoAccess,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCRLDistributionPoints,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeName,
  encodeNoRevAvail,
  encodeOcspNoCheck,
  encodeSubjectAltName,
  encodeSubjectKeyIdentifier,
  extensionId,
  type GeneralName,
  keyIdentifier,
  type TbsCertificate,
} from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import { crlUrlOf } from '../authority/load-issuer.ts';
import { crlShardOf } from '../store/index.ts';
import { type CertificateProfile, keyUsageFor } from './profiles.ts';
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
export function buildTbs(parts: { request: VerifiedRequest; issuer: Issuer; rules: DraftRules }): Draft {
  const { request, issuer, rules } = parts;
  const serialNumber = newSerialNumber();
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
      ...revocationExtensions(request.profile, issuer, serialNumber),
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

function leafExtensions(request: VerifiedRequest, names: readonly GeneralName[]): Extension[] {
  const { subjectPublicKeyInfo: key, profile } = request;
  return [
    { id: extensionId.basicConstraints, critical: true, value: encodeBasicConstraints({ cA: false }) },
    { id: extensionId.keyUsage, critical: true, value: encodeKeyUsage(keyUsageFor(key, profile)) },
    // Critical where nothing but its holder may take the certificate for anything at all.
    {
      id: extensionId.extKeyUsage,
      critical: profile.holder === 'kek',
      value: encodeExtKeyUsage(profile.extKeyUsage),
    },
    ...(names.length === 0
      ? []
      : [{ id: extensionId.subjectAltName, critical: false, value: encodeSubjectAltName(names) }]),
    {
      id: extensionId.subjectKeyIdentifier,
      critical: false,
      value: encodeSubjectKeyIdentifier(keyIdentifier(key.der)),
    },
  ];
}

function authorityKeyIdentifier(issuer: Issuer): Extension {
  const value = encodeAuthorityKeyIdentifier({ keyIdentifier: issuer.keyIdentifier });
  return { id: extensionId.authorityKeyIdentifier, critical: false, value };
}

/** Where relying parties ask whether the certificate is revoked, and where its issuer's own certificate is. */
function revocationExtensions(
  { revocation }: CertificateProfile,
  issuer: Issuer,
  serialNumber: Uint8Array,
): Extension[] {
  switch (revocation) {
    case 'published':
      return [crlDistributionPoint(issuer, serialNumber), authorityInfoAccess(issuer, issuer.ocspUrl)];
    case 'none':
      // RFC 9608 s3: together with noRevAvail neither CRL nor OCSP address may be there.
      return [
        { id: extensionId.noRevAvail, critical: false, value: encodeNoRevAvail() },
        authorityInfoAccess(issuer, undefined),
      ];
    case 'noCheck':
      // RFC 6960 s4.2.2.2.1. CA/B BR 7.1.2.8.2 wants neither CRL address nor authorityInfoAccess.
      return [{ id: extensionId.ocspNoCheck, critical: false, value: encodeOcspNoCheck() }];
  }
}

/** The shard that lists the serial number, should it come to that (docs/revocation.md). */
function crlDistributionPoint(issuer: Issuer, serialNumber: Uint8Array): Extension {
  const shard = String(crlShardOf(toHex(serialNumber), issuer.crlShards));
  const distributionPoint = { type: 'fullName', names: [uri(crlUrlOf(issuer, shard))] } as const;
  const value = encodeCRLDistributionPoints([{ distributionPoint }]);
  return { id: extensionId.cRLDistributionPoints, critical: false, value };
}

function authorityInfoAccess(issuer: Issuer, ocspUrl: string | undefined): Extension {
  const value = encodeAuthorityInfoAccess([
    ...(ocspUrl === undefined ? [] : [{ accessMethod: accessMethod.ocsp, accessLocation: uri(ocspUrl) }]),
    { accessMethod: accessMethod.caIssuers, accessLocation: uri(issuer.caIssuersUrl) },
  ]);
  return { id: extensionId.authorityInfoAccess, critical: false, value };
}

function uri(value: string): GeneralName {
  return { type: 'uniformResourceIdentifier', value };
}
