import {
  type CertificationPathRequest,
  encodeAuthorityKeyIdentifier,
  encodeCertificatePolicies,
  encodeCRLDistributionPoints,
  encodeIssuerAltName,
  encodeNameConstraints,
  encodePolicyMappings,
  encodeSubjectAltName,
  parseName,
} from '@vcc-pki/x509';
import { dns, nameOf, now, TestCa } from './test-ca.ts';

export const root = TestCa.root();
export const ica = root.issueCa('ICA', {
  extensions: {
    nameConstraints: encodeNameConstraints({ permittedSubtrees: dns('vcc.local'), excludedSubtrees: [] }),
    certificatePolicies: encodeCertificatePolicies([{ policyIdentifier: '1.2.3', policyQualifiers: [] }]),
    policyMappings: encodePolicyMappings([{ issuerDomainPolicy: '1.2.3', subjectDomainPolicy: '1.2.4' }]),
    issuerAltName: encodeIssuerAltName(dns('vcc.local')),
  },
});
export const leaf = ica.issue({
  extensions: {
    certificatePolicies: encodeCertificatePolicies([{ policyIdentifier: '1.2.4', policyQualifiers: [] }]),
    subjectAltName: encodeSubjectAltName(dns('leaf.vcc.local', '*.vcc.local')),
    authorityKeyIdentifier: encodeAuthorityKeyIdentifier({ keyIdentifier: new Uint8Array(20) }),
    cRLDistributionPoints: encodeCRLDistributionPoints([
      {
        distributionPoint: { type: 'fullName', names: [{ type: 'directoryName', value: parseName(nameOf('ICA')) }] },
        reasons: ['keyCompromise'],
      },
    ]),
  },
});

/** A path with something of everything, and all its evidence: what hostile input is put in place of. */
export const pathParts = {
  leaf: leaf.der,
  ica: ica.der,
  root: root.der,
  icaCrl: ica.crl({ entries: [{ serialNumber: Uint8Array.of(0x55), revokedAt: now - 5000, reason: 'superseded' }] }),
  rootCrl: root.crl(),
  ocsp: ica.ocsp(leaf),
};
export type PathPlace = keyof typeof pathParts;
export type PathParts = Readonly<Record<PathPlace, Uint8Array>>;

/** To verify such a path with everything switched on. */
export function pathRequest(parts: PathParts): CertificationPathRequest {
  return {
    endEntity: parts.leaf,
    intermediates: [parts.ica],
    trustAnchors: [parts.root],
    crls: [parts.icaCrl, parts.rootCrl],
    ocspResponses: [parts.ocsp],
    at: now,
    purpose: 'serverAuth',
    serverName: 'leaf.vcc.local',
    revocation: 'require',
    policies: { requireExplicitPolicy: true, initialPolicySet: ['1.2.3'] },
  };
}

/** Where in the path a file of the malformed corpus may stand, by its kind there. */
export const placesByKind: Readonly<Record<string, readonly PathPlace[]>> = {
  cert: ['leaf', 'ica', 'root'],
  crl: ['icaCrl'],
  'ocsp-resp': ['ocsp'],
};
