import { DerReader, Tag, toHex } from '@vcc-pki/asn1';
import type {
  AccessDescription,
  AuthorityKeyIdentifier,
  BasicConstraints,
  DistributionPoint,
  DistributionPointName,
  IssuingDistributionPoint,
  KeyUsage,
  NameConstraints,
  PolicyConstraints,
  PolicyInformation,
  PolicyMapping,
} from '@vcc-pki/x509';
import { serialToHex, statusRequest } from '@vcc-pki/x509';
import { generalNamesText, generalNameText } from './general-name-text.ts';
import { accessMethodText, policyText } from './oid-names.ts';

const keyUsages: Readonly<Record<KeyUsage, string>> = {
  digitalSignature: 'signs data and handshakes',
  nonRepudiation: 'signs what cannot be denied later',
  keyEncipherment: 'encrypts keys',
  dataEncipherment: 'encrypts data',
  keyAgreement: 'agrees on keys',
  keyCertSign: 'signs certificates',
  cRLSign: 'signs CRLs',
  encipherOnly: 'key agreement for encryption only',
  decipherOnly: 'key agreement for decryption only',
};

/** What the key may do, and what that means. */
export function keyUsageLines(usages: readonly KeyUsage[]): string[] {
  return usages.map((usage) => `${usage} (${keyUsages[usage]})`);
}

/** Whether it is a CA, and how many may follow. */
export function basicConstraintsLines({ cA, pathLenConstraint }: BasicConstraints): string[] {
  if (!cA) return ['not a CA'];
  if (pathLenConstraint === undefined) return ['a CA; any number of CAs below it'];
  return [
    pathLenConstraint === 0 ? 'a CA; no CA below it' : `a CA; at most ${counted(pathLenConstraint, 'CA')} below it`,
  ];
}

/** Which key of the issuer signed: its identifier, and where they are given, issuer and serial number of its certificate. */
export function authorityKeyLines(identifier: AuthorityKeyIdentifier): string[] {
  const { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber } = identifier;
  return [
    ...(keyIdentifier ? [toHex(keyIdentifier)] : []),
    ...(authorityCertIssuer ? [`issuer of the CA's certificate ${generalNamesText(authorityCertIssuer)}`] : []),
    ...(authorityCertSerialNumber
      ? [`serial number of the CA's certificate ${serialToHex(authorityCertSerialNumber)}`]
      : []),
  ];
}

/** The names that may and may not stand below a CA. */
export function nameConstraintsLines({ permittedSubtrees, excludedSubtrees }: NameConstraints): string[] {
  return [
    ...permittedSubtrees.map((base) => `permitted ${generalNameText(base)}`),
    ...excludedSubtrees.map((base) => `excluded ${generalNameText(base)}`),
  ];
}

/** Where CRLs are, for which reasons and by whom. */
export function distributionPointLines(points: readonly DistributionPoint[]): string[] {
  return points.map(({ distributionPoint, reasons, cRLIssuer }) =>
    [
      distributionPoint ? pointText(distributionPoint) : 'by its issuer',
      ...(reasons ? [`for the reasons ${reasons.join(', ')}`] : []),
      ...(cRLIssuer ? [`issued by ${generalNamesText(cRLIssuer)}`] : []),
    ].join(' '),
  );
}

/** What a CRL covers. */
export function scopeLines(scope: IssuingDistributionPoint): string[] {
  return [
    ...(scope.distributionPoint ? [pointText(scope.distributionPoint)] : []),
    ...(scope.onlyContainsUserCerts ? ['only certificates that are no CAs'] : []),
    ...(scope.onlyContainsCACerts ? ['only certificates of CAs'] : []),
    ...(scope.onlyContainsAttributeCerts ? ['only attribute certificates'] : []),
    ...(scope.onlySomeReasons ? [`only the reasons ${scope.onlySomeReasons.join(', ')}`] : []),
    ...(scope.indirectCRL ? ['certificates of other issuers too'] : []),
  ];
}

/** Policies with their qualifiers. */
export function policyLines(policies: readonly PolicyInformation[]): string[] {
  return policies.map(({ policyIdentifier, policyQualifiers }) =>
    [policyText(policyIdentifier), ...policyQualifiers.map(qualifierText)].join(', '),
  );
}

/** Policies of the issuer with those that are their equals below it. */
export function policyMappingLines(mappings: readonly PolicyMapping[]): string[] {
  return mappings.map(
    ({ issuerDomainPolicy, subjectDomainPolicy }) => `${issuerDomainPolicy} is ${subjectDomainPolicy} below it`,
  );
}

/** From where on policies are required, or no longer mapped. */
export function policyConstraintsLines(constraints: PolicyConstraints): string[] {
  const { requireExplicitPolicy: explicit, inhibitPolicyMapping: mapping } = constraints;
  return [
    ...(explicit === undefined ? [] : [`an accepted policy is required after ${counted(explicit, 'more CA')}`]),
    ...(mapping === undefined ? [] : [`policies are no longer mapped after ${counted(mapping, 'more CA')}`]),
  ];
}

/** What is to be had, and where. */
export function accessLines(descriptions: readonly AccessDescription[]): string[] {
  return descriptions.map((one) => `${accessMethodText(one.accessMethod)} ${generalNameText(one.accessLocation)}`);
}

/** TLS extensions that the server must support. */
export function tlsFeatureLines(features: readonly number[]): string[] {
  return features.map((feature) =>
    feature === statusRequest ? 'must staple an OCSP response (status_request)' : `TLS extension ${feature}`,
  );
}

function pointText(point: DistributionPointName): string {
  if (point.type === 'fullName') return generalNamesText(point.names);
  return `${point.rdn.map(({ type, value }) => `${type}=${value ?? '?'}`).join('+')} below the issuer's name`;
}

/** RFC 5280 s4.2.1.4: a CPS pointer is an IA5String; other qualifiers are told by their OID. */
function qualifierText({ policyQualifierId, qualifier }: PolicyInformation['policyQualifiers'][number]): string {
  const { tag, content } = new DerReader(qualifier).readElement();
  if (policyQualifierId === '1.3.6.1.5.5.7.2.1' && tag === Tag.ia5String) {
    return `CPS ${new TextDecoder().decode(content)}`;
  }
  return policyQualifierId === '1.3.6.1.5.5.7.2.2' ? 'with a notice to users' : `qualifier ${policyQualifierId}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
