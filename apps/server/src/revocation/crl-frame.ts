import {
  type CertListFrame,
  type Extension,
  encodeAuthorityKeyIdentifier,
  encodeCRLNumber,
  encodeDeltaCRLIndicator,
  encodeFreshestCRL,
  encodeIssuingDistributionPoint,
  extensionId,
  type GeneralName,
} from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';

/** What kind of CRL it is, as far as relying parties see it. */
export type CrlScopePlan =
  /** Everything; deltas to it are at `deltaUrl`, if there are any. */
  | { readonly kind: 'full'; readonly deltaUrl?: string }
  /** The certificates that name `url` in their cRLDistributionPoints. */
  | { readonly kind: 'shard'; readonly url: string }
  /** What has changed since the full CRL of that number. */
  | { readonly kind: 'delta'; readonly baseNumber: number };

export interface CrlPlan {
  readonly scope: CrlScopePlan;
  readonly number: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** Puts everything of a CRL together that are not its entries (RFC 5280 s5.1, s5.2). */
export function crlFrame(
  issuer: Pick<Issuer, 'certificate' | 'signer' | 'keyIdentifier'>,
  { scope, number, thisUpdate, nextUpdate }: CrlPlan,
): CertListFrame {
  return {
    signatureAlgorithm: issuer.signer.signatureAlgorithm,
    issuer: issuer.certificate.subject.der,
    thisUpdate,
    nextUpdate,
    extensions: [
      {
        id: extensionId.authorityKeyIdentifier,
        critical: false,
        value: encodeAuthorityKeyIdentifier({ keyIdentifier: issuer.keyIdentifier }),
      },
      { id: extensionId.cRLNumber, critical: false, value: encodeCRLNumber(number) },
      ...scopeExtensions(scope),
    ],
  };
}

function scopeExtensions(scope: CrlScopePlan): Extension[] {
  switch (scope.kind) {
    case 'full': {
      const { deltaUrl } = scope;
      if (deltaUrl === undefined) return [];
      const value = encodeFreshestCRL([{ distributionPoint: fullName(deltaUrl) }]);
      return [{ id: extensionId.freshestCRL, critical: false, value }];
    }
    case 'shard': {
      // RFC 5280 s6.3.3 b: one of its names must be one of the certificate's distribution point, or the CRL is not for it.
      // CA/B BR 7.2.2.1: a CRL that is not for everything says so.
      const point = { distributionPoint: fullName(scope.url), onlyContainsUserCerts: true };
      const value = encodeIssuingDistributionPoint(point);
      return [{ id: extensionId.issuingDistributionPoint, critical: true, value }];
    }
    case 'delta':
      return [{ id: extensionId.deltaCRLIndicator, critical: true, value: encodeDeltaCRLIndicator(scope.baseNumber) }];
  }
}

function fullName(url: string) {
  const names: readonly [GeneralName] = [{ type: 'uniformResourceIdentifier', value: url }];
  return { type: 'fullName', names } as const;
}
