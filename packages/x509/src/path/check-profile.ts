import type { PathCertificate } from './path-certificate.ts';
import { PathError } from './path-error.ts';

/**
 * How much of RFC 5280's profile for CAs is demanded of what they issued. `validation`: the algorithm of s6 and fields
 * that contradict each other. `profile`: also what a CA must include or mark critical, which s6 does not ask for.
 */
export type Conformance = 'validation' | 'profile';

interface Rule {
  readonly section: string;
  readonly text: string;
  readonly isBroken: (certificate: PathCertificate) => boolean;
}

const contradictions: readonly Rule[] = [
  {
    section: 's4.1.2.4',
    text: 'the issuer is empty',
    isBroken: ({ issuer }) => issuer.rdns.length === 0,
  },
  {
    section: 's4.1.2.6',
    text: 'a CA without a subject',
    isBroken: (certificate) => certificate.isCa && certificate.subject.rdns.length === 0,
  },
  {
    section: 's4.2.1.6',
    text: 'the subject is empty and subjectAltName is missing or not critical',
    isBroken: (certificate) => certificate.subject.rdns.length === 0 && !certificate.isCritical('subjectAltName'),
  },
  {
    section: 's4.2.1.1',
    text: 'authorityKeyIdentifier is critical',
    isBroken: (certificate) => certificate.isCritical('authorityKeyIdentifier'),
  },
  {
    section: 's4.2.1.2',
    text: 'subjectKeyIdentifier is critical',
    isBroken: (certificate) => certificate.isCritical('subjectKeyIdentifier'),
  },
  {
    section: 's4.2.1.9',
    text: 'keyUsage has keyCertSign, basicConstraints has no cA',
    isBroken: (certificate) => !certificate.isCa && certificate.extensions.keyUsage?.includes('keyCertSign') === true,
  },
  {
    section: 's4.2.1.9',
    text: 'pathLenConstraint without cA',
    isBroken: ({ isCa, extensions }) => !isCa && extensions.basicConstraints?.pathLenConstraint !== undefined,
  },
  {
    section: 's4.2.1.10',
    text: 'nameConstraints in a certificate that is no CA',
    isBroken: ({ isCa, extensions }) => !isCa && extensions.nameConstraints !== undefined,
  },
];

const omissions: readonly Rule[] = [
  {
    section: 's4.2.1.1',
    text: 'authorityKeyIdentifier is missing',
    isBroken: ({ isSelfIssued, extensions }) =>
      !isSelfIssued && extensions.authorityKeyIdentifier?.keyIdentifier === undefined,
  },
  {
    section: 's4.2.1.2',
    text: 'a CA without subjectKeyIdentifier',
    isBroken: ({ isCa, extensions }) => isCa && extensions.subjectKeyIdentifier === undefined,
  },
  {
    section: 's4.2.1.9',
    text: "a CA's basicConstraints is not critical",
    isBroken: (certificate) => certificate.isCa && !certificate.isCritical('basicConstraints'),
  },
  {
    section: 's4.2.1.10',
    text: 'nameConstraints is not critical',
    isBroken: (certificate) =>
      certificate.extensions.nameConstraints !== undefined && !certificate.isCritical('nameConstraints'),
  },
  {
    section: 's4.2.1.11',
    text: 'policyConstraints is not critical',
    isBroken: (certificate) =>
      certificate.extensions.policyConstraints !== undefined && !certificate.isCritical('policyConstraints'),
  },
  {
    section: 's4.1.2.2',
    text: 'the serial number is not positive',
    isBroken: ({ certificate: { serialNumber } }) =>
      (serialNumber[0] ?? 0) >= 0x80 || serialNumber.every((octet) => octet === 0),
  },
];

const rules: Record<Conformance, readonly Rule[]> = {
  validation: contradictions,
  profile: [...contradictions, ...omissions],
};

/** @throws {@link PathError} `profileViolation`; {@link DerError} */
export function checkProfile(certificate: PathCertificate, conformance: Conformance, index: number): void {
  const broken = rules[conformance].find(({ isBroken }) => isBroken(certificate));
  if (broken) throw new PathError('profileViolation', index, `${broken.text} (RFC 5280 ${broken.section})`);
}
