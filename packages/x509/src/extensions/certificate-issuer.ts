/** certificateIssuer of a CRL entry (RFC 5280 s5.3.3); it holds for the following entries too, until another one stands. */
export {
  encodeGeneralNames as encodeCertificateIssuer,
  parseGeneralNames as parseCertificateIssuer,
} from './alt-name.ts';
