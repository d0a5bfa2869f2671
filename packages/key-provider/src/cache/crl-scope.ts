import {
  type Certificate,
  type CertificateRevocationList,
  decodeExtension,
  extensionId,
  parseCRLDistributionPoints,
  parseIssuingDistributionPoint,
} from '@vcc-pki/x509';

/**
 * Where the CRL of a certificate is: the first address of its cRLDistributionPoints (RFC 5280 s4.2.1.13); undefined when it
 * names none.
 * @throws DerError when the extension is malformed
 */
export function crlPointOf({ extensions }: Certificate): string | undefined {
  const points = decodeExtension(extensions, extensionId.cRLDistributionPoints, parseCRLDistributionPoints) ?? [];
  return points.flatMap(({ distributionPoint }) => addressesOf(distributionPoint))[0];
}

/** What a CRL is for: `full` all certificates of its issuer, `part` those that name one of its addresses. */
export type CrlScope = { readonly kind: 'full' } | { readonly kind: 'part'; readonly points: readonly string[] };

/**
 * Reads what a CRL is for from its issuingDistributionPoint (s5.2.5). One that leaves out reasons or kinds of certificates is
 * for nobody here.
 * @throws DerError when the extension is malformed
 */
export function crlScopeOf({ extensions }: CertificateRevocationList): CrlScope {
  const point = decodeExtension(extensions, extensionId.issuingDistributionPoint, parseIssuingDistributionPoint);
  if (point === undefined) return { kind: 'full' };
  const { onlySomeReasons, indirectCRL, onlyContainsCACerts, onlyContainsAttributeCerts } = point;
  const leavesOut = onlySomeReasons !== undefined || indirectCRL || onlyContainsCACerts || onlyContainsAttributeCerts;
  return { kind: 'part', points: leavesOut ? [] : addressesOf(point.distributionPoint) };
}

/** Whether a CRL speaks of the certificates that name an address. */
export function isForPoint(scope: CrlScope, point: string | undefined): boolean {
  return scope.kind === 'full' || (point !== undefined && scope.points.includes(point));
}

function addressesOf(name: ReturnType<typeof parseIssuingDistributionPoint>['distributionPoint']): string[] {
  if (name?.type !== 'fullName') return [];
  return name.names.flatMap((one) => (one.type === 'uniformResourceIdentifier' ? [one.value] : []));
}
