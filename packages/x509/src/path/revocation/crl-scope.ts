import { toHex } from '@vcc-pki/asn1';
import type { DistributionPoint } from '../../extensions/crl-distribution-points.ts';
import { type DistributionPointName, type ReasonFlag, reasonFlags } from '../../extensions/distribution-point-name.ts';
import type { GeneralName } from '../../general-name.ts';
import { encodeGeneralName } from '../../general-name.ts';
import { appendRdn, type NameKey, nameKey } from '../names/name-key.ts';
import type { PathCertificate } from '../path-certificate.ts';
import type { PathCrl } from './path-crl.ts';

/** All reasons for which a certificate can be revoked: the special value all-reasons of RFC 5280 s6.3.2(a). */
export const allReasons: readonly ReasonFlag[] = reasonFlags.filter((reason) => reason !== 'unused');

/**
 * Whether a CRL speaks for what a distribution point of a certificate names (RFC 5280 s6.3.3(b)).
 * @param point of the certificate's cRLDistributionPoints, or {@link impliedDistributionPoint}.
 */
export function isInScope(crl: PathCrl, certificate: PathCertificate, point: DistributionPoint): boolean {
  const idp = crl.issuingDistributionPoint;
  if (!isIssuerOf(crl, certificate, point)) return false;
  if (idp === undefined) return true;
  // (b)(2)(ii) to (iv)
  if (idp.onlyContainsUserCerts && certificate.isCa) return false;
  if (idp.onlyContainsCACerts && !certificate.isCa) return false;
  if (idp.onlyContainsAttributeCerts) return false;
  return idp.distributionPoint === undefined || sharesName(idp.distributionPoint, crl, certificate, point);
}

/** (b)(1): a point with cRLIssuer needs an indirect CRL of that issuer, any other one a CRL of the certificate's issuer. */
function isIssuerOf(crl: PathCrl, certificate: PathCertificate, { cRLIssuer }: DistributionPoint): boolean {
  if (cRLIssuer === undefined) return crl.issuer.text === certificate.issuer.text;
  const isNamed = cRLIssuer.some(
    (name) => name.type === 'directoryName' && nameKey(name.value).text === crl.issuer.text,
  );
  return isNamed && crl.issuingDistributionPoint?.indirectCRL === true;
}

/** (b)(2)(i): one of the CRL's names is one of the point's. */
function sharesName(
  idpName: DistributionPointName,
  crl: PathCrl,
  certificate: PathCertificate,
  point: DistributionPoint,
): boolean {
  const names = new Set(nameTexts(idpName, crl.issuer));
  const wanted = point.distributionPoint
    ? nameTexts(point.distributionPoint, cRLIssuerOf(point) ?? certificate.issuer)
    : (point.cRLIssuer ?? []).map(generalNameText);
  return wanted.some((name) => names.has(name));
}

/** A name relative to the CRL issuer is only allowed with a single cRLIssuer (s4.2.1.13). */
function cRLIssuerOf({ cRLIssuer }: DistributionPoint): NameKey | undefined {
  const [name] = cRLIssuer ?? [];
  return name?.type === 'directoryName' ? nameKey(name.value) : undefined;
}

function nameTexts(name: DistributionPointName, issuer: NameKey): string[] {
  if (name.type === 'fullName') return name.names.map(generalNameText);
  return [`directoryName ${appendRdn(issuer, name.rdn).text}`];
}

/** Directory names compare as names, all others octet for octet: URIs of CRLs are copied, not typed. */
function generalNameText(name: GeneralName): string {
  if (name.type === 'directoryName') return `directoryName ${nameKey(name.value).text}`;
  return toHex(encodeGeneralName(name));
}

/** The distribution point that RFC 5280 s6.3.3 assumes for CRLs of the certificate's issuer that no point names. */
export function impliedDistributionPoint(certificate: PathCertificate): DistributionPoint {
  return {
    distributionPoint: {
      type: 'fullName',
      names: [{ type: 'directoryName', value: certificate.certificate.issuer }],
    },
  };
}

/** s6.3.3(d): the reasons that a CRL covers at a distribution point. */
export function coveredReasons(crl: PathCrl, point: DistributionPoint): readonly ReasonFlag[] {
  const onlySome = crl.issuingDistributionPoint?.onlySomeReasons ?? allReasons;
  const named = point.reasons ?? allReasons;
  return allReasons.filter((reason) => onlySome.includes(reason) && named.includes(reason));
}

/** How many names a comparison of the two goes through, for the budget. */
export function comparisonsNeeded(crl: PathCrl, point: DistributionPoint): number {
  const names = (name: DistributionPointName | undefined): number =>
    name?.type === 'fullName' ? name.names.length : 1;
  const ofPoint = names(point.distributionPoint) + (point.cRLIssuer?.length ?? 0);
  return ofPoint + names(crl.issuingDistributionPoint?.distributionPoint);
}
