import type { PathErrorCode } from '@vcc-pki/x509';

/** One question that path validation answers, as people are told about it. */
export interface PathCheck {
  /** Stable, for programs. */
  readonly id: string;
  readonly title: string;
  /** Where the rule stands. */
  readonly section: string;
  /** What the judge calls its failures. */
  readonly codes: readonly PathErrorCode[];
  /**
   * When the judge asks it of a path: what comes before has passed by then. Absent for those that are asked only when
   * the command line asks them, which are tried one by one.
   */
  readonly stage?: number;
}

/** Every check, in the order in which people are told. */
export const pathChecks = {
  path: {
    id: 'path',
    title: 'a path leads to a trusted root',
    section: 'RFC 5280 s6.1',
    codes: ['unknownIssuer', 'tooManyIntermediates', 'limitExceeded'],
    stage: 1,
  },
  form: {
    id: 'form',
    title: 'certificates are well-formed',
    section: 'RFC 5280 s4.1, s4.2',
    codes: ['malformedCertificate', 'profileViolation'],
    stage: 1,
  },
  criticalExtensions: {
    id: 'criticalExtensions',
    title: 'critical extensions are understood',
    section: 'RFC 5280 s4.2',
    codes: ['unsupportedCriticalExtension'],
    stage: 1,
  },
  authority: {
    id: 'authority',
    title: 'issuers may issue certificates',
    section: 'RFC 5280 s6.1.4(k), (n)',
    codes: ['notACertificationAuthority', 'keyUsageNotAllowed'],
    stage: 1,
  },
  signatures: {
    id: 'signatures',
    title: 'each is signed by the one above',
    section: 'RFC 5280 s6.1.3(a)(1)',
    codes: ['badSignature'],
    stage: 2,
  },
  pathLength: {
    id: 'pathLength',
    title: 'no more CAs than allowed',
    section: 'RFC 5280 s6.1.4(l), (m)',
    codes: ['pathLengthExceeded'],
    stage: 3,
  },
  names: {
    id: 'names',
    title: 'names are within name constraints',
    section: 'RFC 5280 s6.1.3(b), (c)',
    codes: ['nameNotPermitted'],
    stage: 3,
  },
  policies: {
    id: 'policies',
    title: 'policies are acceptable',
    section: 'RFC 5280 s6.1.5(g), RFC 9618 s5',
    codes: ['policyNotAcceptable'],
    stage: 3,
  },
  algorithms: {
    id: 'algorithms',
    title: 'algorithms and keys are strong enough',
    section: 'RFC 5280 s6.1.3(a)(1), s4.1.2.7',
    codes: ['algorithmNotAllowed', 'keyNotAllowed'],
  },
  validity: {
    id: 'validity',
    title: 'all are valid at that time',
    section: 'RFC 5280 s6.1.3(a)(2)',
    codes: ['expired', 'notYetValid'],
  },
  purpose: {
    id: 'purpose',
    title: 'the key is for that purpose',
    section: 'RFC 5280 s4.2.1.12, s4.2.1.3',
    codes: ['purposeNotAllowed', 'keyUsageNotAllowed'],
  },
  serverName: {
    id: 'serverName',
    title: 'the certificate is for that server',
    section: 'RFC 9525 s6',
    codes: ['serverNameMismatch'],
  },
  revocation: {
    id: 'revocation',
    title: 'none is revoked',
    section: 'RFC 5280 s6.1.3(a)(3), s6.3',
    codes: ['revoked', 'revocationUndetermined'],
  },
} as const satisfies Record<string, PathCheck>;

/** All of them, as a list. */
export const allPathChecks: readonly PathCheck[] = Object.values(pathChecks);

/** The check that fails with a code when nothing but a path is asked for. */
export function checkOf(code: PathErrorCode): PathCheck {
  const check = allPathChecks.find(({ codes }) => codes.includes(code));
  if (check === undefined) throw new RangeError(`no check fails with "${code}"`);
  return check;
}
