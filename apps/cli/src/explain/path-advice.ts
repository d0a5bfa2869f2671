import type { PathErrorCode } from '@vcc-pki/x509';

/** What would mend a path that is refused, by the reason why it is. */
const adviceByCode: Readonly<Record<PathErrorCode, string>> = {
  unknownIssuer:
    'Give the certificate of the issuer with --untrusted; servers send it along, as fullchain.pem has it. If the path ends in another root that you trust, name that root with --ca.',
  tooManyIntermediates: 'Leave out what does not belong to the path; no sound PKI has so many CAs in a row.',
  malformedCertificate:
    'Get the certificate anew from where it comes from; if it is malformed there too, its issuer must issue it again. "vcc-pki inspect" shows what can be read of it.',
  profileViolation:
    'Its issuer must issue it again without the contradiction. "vcc-pki inspect" shows every fault of it.',
  unsupportedCriticalExtension:
    'Nobody who does not understand a critical extension may accept the certificate: use it with the program that it is made for, or have it issued without.',
  algorithmNotAllowed:
    'Have it issued again by a CA that signs with SHA-256 or better; if it is the CA itself that was signed so, the CA needs a new certificate.',
  keyNotAllowed: 'Make a new key (EC P-256, or RSA with 2048 bits or more) and request a certificate for it.',
  notACertificationAuthority:
    'The certificate above it belongs to no CA and cannot issue anything. Look for the true issuer, and be wary: this is how certificates are forged.',
  keyUsageNotAllowed:
    'The key is not meant for what it does here. Use a certificate of another profile, or have its issuer issue it again with the key usage that is needed.',
  badSignature:
    'It was changed, or it comes from another CA of the same name: an older one, or a forger. Compare the SHA-256 fingerprint of the CA with what its operator says.',
  purposeNotAllowed: 'Request a certificate with a profile for this purpose; certificates are not for everything.',
  notYetValid: 'Wait until then, or set the clock: of this machine if it is behind, of the issuer if it was ahead.',
  expired:
    'Get a new one: "vcc-pki renew SERVICE --out FOLDER" for a service. When it is a CA that has expired, its operator must replace it. To see how it was in the past, give --at.',
  pathLengthExceeded:
    'A CA issued another CA although it was not allowed to. The CA above must permit it with a longer pathLenConstraint, or the certificate must come from a CA that is allowed to issue it.',
  nameNotPermitted:
    'The CA is limited to other names. Request a certificate for names within its name constraints, or from a CA that may issue for these.',
  policyNotAcceptable: 'Use a certificate that was issued under a policy which all CAs of its path assert.',
  revocationUndetermined:
    'Give the current CRL of each issuer with --crl, or an OCSP response with --ocsp; "vcc-pki inspect" shows in cRLDistributionPoints and authorityInfoAccess where they are. If it need not be known, give --revocation ifPresent.',
  revoked: 'A revoked certificate stays revoked. Take it out of use and request another one, for a new key.',
  serverNameMismatch:
    'Reach the server by a name that the certificate has, or request a certificate that has this name. The common name does not count.',
  limitExceeded: 'Give fewer certificates with --untrusted: those of the path, and no others.',
};

/** For a certificate that nobody vouches for but itself. */
const selfSignedAdvice =
  'It is signed by itself: nobody else vouches for it. If it is a root that you trust, compare its SHA-256 fingerprint with what its operator says, and name it with --ca.';

/**
 * What would mend a refused path.
 * @param isSelfIssued the certificate at fault names itself as its issuer
 */
export function adviceFor(code: PathErrorCode, isSelfIssued: boolean): string {
  return code === 'unknownIssuer' && isSelfIssued ? selfSignedAdvice : adviceByCode[code];
}
