import {
  accessMethod,
  constantExtension,
  type Extension,
  encodeAuthorityInfoAccess,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeCRLDistributionPoints,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeNoRevAvail,
  encodeOcspNoCheck,
  extensionId,
  type GeneralName,
  type KeyUsage,
} from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import { crlUrlOf } from '../authority/load-issuer.ts';
import { oncePer, perIssuer } from '../authority/per-issuer.ts';
import type { CertificateProfile } from './profiles.ts';

// What the certificates of a profile or of an issuer have in common: encoded once, and not with every certificate.

export const basicConstraints = constantExtension({
  id: extensionId.basicConstraints,
  critical: true,
  value: encodeBasicConstraints({ cA: false }),
});

export const noRevAvail = constantExtension({
  id: extensionId.noRevAvail,
  critical: false,
  value: encodeNoRevAvail(),
});

export const ocspNoCheck = constantExtension({
  id: extensionId.ocspNoCheck,
  critical: false,
  value: encodeOcspNoCheck(),
});

/** One for each of the lists that `keyUsageFor` has. */
export const keyUsage = oncePer(
  (usages: readonly KeyUsage[]): Extension =>
    constantExtension({ id: extensionId.keyUsage, critical: true, value: encodeKeyUsage(usages) }),
);

export const extKeyUsage = oncePer(
  ({ holder, extKeyUsage: purposes }: CertificateProfile): Extension =>
    constantExtension({
      id: extensionId.extKeyUsage,
      // Critical where nothing but its holder may take the certificate for anything at all.
      critical: holder === 'kek',
      value: encodeExtKeyUsage(purposes),
    }),
);

export const authorityKeyIdentifier = perIssuer(
  ({ keyIdentifier }): Extension =>
    constantExtension({
      id: extensionId.authorityKeyIdentifier,
      critical: false,
      value: encodeAuthorityKeyIdentifier({ keyIdentifier }),
    }),
);

/** By the number of the shard (docs/revocation.md); as many as the issuer has shards. */
export const crlDistributionPoints = perIssuer((issuer): readonly Extension[] =>
  Array.from({ length: issuer.crlShards }, (_, shard) => {
    const distributionPoint = { type: 'fullName', names: [uri(crlUrlOf(issuer, String(shard)))] } as const;
    const value = encodeCRLDistributionPoints([{ distributionPoint }]);
    return constantExtension({ id: extensionId.cRLDistributionPoints, critical: false, value });
  }),
);

/** Where its certificate is, and its OCSP responder if it has one. */
export const authorityInfoAccess = perIssuer((issuer) => authorityInfoAccessOf(issuer, issuer.ocspUrl));

/** Where its certificate is, alone. */
export const caIssuers = perIssuer((issuer) => authorityInfoAccessOf(issuer, undefined));

function authorityInfoAccessOf({ caIssuersUrl }: Issuer, ocspUrl: string | undefined): Extension {
  const value = encodeAuthorityInfoAccess([
    ...(ocspUrl === undefined ? [] : [{ accessMethod: accessMethod.ocsp, accessLocation: uri(ocspUrl) }]),
    { accessMethod: accessMethod.caIssuers, accessLocation: uri(caIssuersUrl) },
  ]);
  return constantExtension({ id: extensionId.authorityInfoAccess, critical: false, value });
}

function uri(value: string): GeneralName {
  return { type: 'uniformResourceIdentifier', value };
}
