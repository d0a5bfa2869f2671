/** OIDs of the extensions that this package knows, by their RFC names. */
export const extensionId = {
  // RFC 5280 s4.2, certificates
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  freshestCRL: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  /** RFC 9608 s2 */
  noRevAvail: '2.5.29.56',
  /** RFC 7633 s3 */
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  /** RFC 6960 s4.2.2.2.1 */
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  // RFC 5280 s5.2, CRLs
  cRLNumber: '2.5.29.20',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  // RFC 5280 s5.3, CRL entries
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  certificateIssuer: '2.5.29.29',
} as const;
