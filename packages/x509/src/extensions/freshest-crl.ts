/** freshestCRL (RFC 5280 s4.2.1.15 and s5.2.6): where delta CRLs are. */
export {
  encodeCRLDistributionPoints as encodeFreshestCRL,
  parseCRLDistributionPoints as parseFreshestCRL,
} from './crl-distribution-points.ts';
