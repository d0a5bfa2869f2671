/** deltaCRLIndicator (RFC 5280 s5.2.4): the number of the complete CRL that a delta builds on; critical. */
export { encodeCRLNumber as encodeDeltaCRLIndicator, parseCRLNumber as parseDeltaCRLIndicator } from './crl-number.ts';
